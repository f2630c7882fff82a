import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const page = readFileSync(join(import.meta.dirname, '../../docs/incidents.md'), 'utf8');
const rows = page.split('\n').filter((line) => line.startsWith('| ['));

const RECORD =
  `74281 72929 119958 56733 149538 71127 78915 75115 33103 58306 18849 72104 71060 89174 82248 89867 91588 11257
  23887 75380 49577 100072 57391`.split(/\s+/);

test('every incident on record is a row of the table, and is named by the story that the row links to', () => {
  const missing = RECORD.filter((issue) => {
    const row = rows.find((line) => line.includes(`#${issue}`));
    const file = /\/incidents\/([\w-]+\.test\.ts)/.exec(row ?? '')?.[1];
    return file === undefined || !readFileSync(join(import.meta.dirname, file), 'utf8').includes(`#${issue}`);
  });
  expect(missing).toEqual([]);
});

test('every measured harm is a row of the table, and no row is without its measure', () => {
  const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.test.ts'));
  const texts = files.map((name) => readFileSync(join(import.meta.dirname, name), 'utf8'));
  const told = texts.flatMap((text) => [...text.matchAll(/\bmeasured\(\s*'([^']+)'/g)].map(([, story = '']) => story));
  const named = rows.filter((row) => !row.includes('| – |')).map((row) => /^\| \[([^\]]+)\]/.exec(row)?.[1] ?? '');
  expect(told.toSorted()).toEqual(named.toSorted());
});
