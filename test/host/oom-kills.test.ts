import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOomKills } from '../../src/host/oom-kills.ts';

let folder = '';
let file = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'jh-oom-'));
  file = join(folder, 'vmstat');
});
afterAll(() => rmSync(folder, { recursive: true }));
const count = (kills: number) => writeFileSync(file, `nr_free_pages 7\noom_kill ${kills}\nswap_ra 3\n`);

test('a kill is told for as long as it is new, with the count that says so', () => {
  count(3);
  const kills = createOomKills([join(folder, 'missing'), file]);
  expect(kills.lately(0)).toBeUndefined();
  for (let s = 0; s <= 60; s += 5) kills.note(s * 1_000);
  expect(kills.lately(61_000)).toBeUndefined();
  count(4);
  expect(kills.lately(62_000)).toBe(
    `The kernel killed a process for want of memory then: oom_kill in ${file} rose from 3 to 4.`,
  );
  kills.note(65_000);
  expect(kills.lately(66_000)).toContain('rose from 3 to 4');
  for (let s = 70; s <= 80; s += 5) kills.note(s * 1_000);
  expect(kills.lately(81_000)).toBeUndefined();
});

test('a kill soon after the start is told too', () => {
  count(0);
  const kills = createOomKills([file]);
  kills.note(1_000);
  count(1);
  expect(kills.lately(2_000)).toContain('rose from 0 to 1');
});

test('a count that begins anew, or is not there, is no kill', () => {
  count(9);
  const kills = createOomKills([file]);
  kills.note(0);
  count(1);
  expect(kills.lately(1_000)).toBeUndefined();
  rmSync(file);
  expect(kills.lately(1_000)).toBeUndefined();
});
