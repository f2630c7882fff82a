import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { followLog, linesBackwards, logFiles } from '../../src/cli/log-files.ts';

let folder: string;
const file = (n: number): string => join(folder, `daemon.${n}.log`);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jh-logs-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('files are ordered by their number, and others are left out', () => {
  for (const name of ['daemon.10.log', 'daemon.9.log', 'daemon.out', 'daemon.1.log.gz', 'services'])
    writeFileSync(join(folder, name), '');
  expect(logFiles(folder)).toEqual([file(9), file(10)]);
  expect(logFiles(join(folder, 'nowhere'))).toEqual([]);
});

it('reads backwards over files, chunks and letters of several bytes; a torn last line is left out', () => {
  const lines = Array.from({ length: 5_000 }, (_, i) => `${i} ${'müde Krähe 服务器 '.repeat(i % 7)}`);
  writeFileSync(file(1), `${lines.slice(0, 2_000).join('\n')}\n`);
  writeFileSync(file(2), `${lines.slice(2_000).join('\n')}\n{"torn`);
  expect([...linesBackwards(logFiles(folder))]).toEqual(lines.toReversed());
});

it('reads an empty file and one without a line end', () => {
  writeFileSync(file(1), '');
  writeFileSync(file(2), 'torn');
  expect([...linesBackwards(logFiles(folder))]).toEqual([]);
});

it('follows from the end over rolled files, and joins what was written in two pieces', () => {
  writeFileSync(file(1), 'before\n');
  const follower = followLog(folder);
  expect(follower.next()).toEqual([]);
  appendFileSync(file(1), 'one\ntw');
  expect(follower.next()).toEqual(['one']);
  appendFileSync(file(1), 'o\nlast of 1\n');
  writeFileSync(file(2), 'first of 2\n');
  writeFileSync(file(3), 'first of 3\n');
  expect(follower.next()).toEqual(['two', 'last of 1', 'first of 2', 'first of 3']);
  rmSync(file(1));
  appendFileSync(file(3), 'Krähe\n');
  expect(follower.next()).toEqual(['Krähe']);
  follower.close();
});

it('follows a log that does not exist yet', () => {
  const follower = followLog(folder);
  expect(follower.next()).toEqual([]);
  writeFileSync(file(1), 'first\n');
  expect(follower.next()).toEqual(['first']);
  follower.close();
});
