import { describe, expect, it } from 'vitest';
import { filesBelow } from './tree.ts';

const banned = new Set(['monitor', 'manager', 'handler', 'helper', 'util', 'data', 'info', 'probe']);

/** Words that are somebody else's: the name says which. */
const foreign = [
  /(user-?|in-?)manager/gi, // what systemd calls the one it runs for each user
  /no-?_?data/gi, // what the page says when it has none
  /(health-?)?data-?_?(file|budget)|health-?data/gi, // health-data.js is the page's contract
];

function bannedWords(name: string): readonly string[] {
  return foreign
    .reduce((rest, theirs) => rest.replace(theirs, ''), name)
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => banned.has(word) || banned.has(word.replace(/s$/, '')));
}

describe('the words of the house', () => {
  const files = filesBelow(['src', 'checks', 'actions', 'dashboard', 'scripts']);

  it('name no file by a word that says nothing', () => {
    expect(files.map(({ path }) => path).filter((path) => bannedWords(path).length > 0)).toEqual([]);
  });

  it('name no export by one either', () => {
    const exported = files.flatMap(({ path, text }) =>
      [...text.matchAll(/^export (?:async )?(?:const|let|function\*?|class|type|interface) (\w+)/gm)]
        .map(([, name = '']) => name)
        .filter((name) => bannedWords(name).length > 0)
        .map((name) => `${path}: ${name}`),
    );
    expect(exported).toEqual([]);
  });
});
