import { describe, expect, it } from 'vitest';
import { loaded, problems } from './homes.ts';

describe('YAML that is broken or hostile', () => {
  it.each([
    ['a: {', 'config.yaml:1:4 opens a bracket here that is not closed'],
    ['a: 1\nb: [node, server.js\nc: 2\n', 'config.yaml:2:4 opens a bracket here that is not closed'],
    ['a: "b', 'lacks a character: a quote, bracket or comma is not closed'],
    ['policy:\n\tmode: act\n', 'is indented with a tab, YAML wants spaces'],
    ['policy: { mode: act }\npolicy: { mode: observe }\n', 'config.yaml:2:1 has the key "policy" twice'],
    ['a: 1\n---\nb: 2\n', 'begins a second document (---), one is allowed'],
    ['policy: *nowhere\n', 'config.yaml:1:9 policy uses an alias that names no anchor before it'],
    ['policy: !!python/object x\n', 'uses a tag (!) that means nothing here'],
    ['? [a, b]\n: c\n', 'has a key that is not plain text'],
    ['policy: &a\n  logs: *a\n', 'is an alias of something that holds itself'],
    ['policy: &a\n  <<: *a\n', 'merges something that is not there yet'],
    ['policy:\n  <<: 5\n', 'merges something that is not a map'],
    ['services: { __proto__: { start: [x] } }', 'config.yaml:1:13 services has a key __proto__, which is not allowed'],
    [
      'services:\n  a: { start: [x] }\n  cafe\u0301: { start: [x] }\n  caf\u00e9: { start: [x] }\n',
      'config.yaml:4:3 services has the key "caf\u00e9" twice',
    ],
  ])('%j: %s', async (text, because) => expect((await problems(text)).join('\n')).toContain(because));

  it('refuses what expands without end, at once', async () => {
    const laughs = ['a: &a [x,x,x,x,x,x,x,x,x]'];
    for (const [name, before] of ['ba', 'cb', 'dc', 'ed', 'fe', 'gf', 'hg', 'ih'].map((pair) => [...pair])) {
      laughs.push(`${name}: &${name} [${Array.from({ length: 9 }, () => `*${before}`).join(',')}]`);
    }
    expect((await problems(laughs.join('\n'))).join('\n')).toContain('holds more than 10000 values');
    const merges = ['a: &a { x: 1 }'];
    for (let n = 0; n < 60; n += 1)
      merges.push(`a${n}: &a${n}\n  <<: [${Array.from({ length: 9 }, () => `*a${n === 0 ? '' : n - 1}`).join(',')}]`);
    expect((await problems(merges.join('\n'))).join('\n')).toContain('holds more than 10000 values');
  });
});

describe('YAML with anchors and merges', () => {
  it('repeats what an anchor names, and what is written out wins over what is merged', async () => {
    const { config } = await loaded(`services:
  one: &one
    start: [one]
    cwd: /srv
    policy: { cooldown: 1m }
  two:
    <<: *one
    start: [two]
  three:
    start: [three]
    policy: { <<: { cooldown: 2m, retryEvery: 5s }, cooldown: 3m }
`);
    expect(config.services['two']).toMatchObject({ start: ['two'], cwd: '/srv', policy: { cooldown: 60_000 } });
    expect(config.services['three']?.policy).toEqual({ cooldown: 180_000, retryEvery: 5000 });
  });

  it('points at the place where a merged value was written', async () => {
    const text = 'services:\n  one: &one\n    start: [one]\n    every: 5\n  two:\n    <<: *one\n';
    expect((await problems(text)).map((line) => line.split(' ')[0])).toEqual(['config.yaml:4:5', 'config.yaml:4:5']);
  });
});
