import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Event } from '../src/core/events.ts';
import { tellEnd } from '../src/how-it-ended.ts';

const MEMORY = 'The kernel counted one.';
const oomKills = { lately: () => MEMORY };

function log(): string {
  const folder = mkdtempSync(join(tmpdir(), 'jh-end-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'web.log');
  writeFileSync(file, 'Error: EADDRINUSE of the run before\n');
  return file;
}

function listen(options: unknown, kills?: typeof oomKills) {
  const told: Event[] = [];
  const end = tellEnd('web', options, {
    push: (event) => told.push(event),
    ...(kills === undefined ? {} : { oomKills: kills }),
  });
  return { told, end };
}

test('only what was printed since the start are last words of this end', () => {
  const logFile = log();
  const { told, end } = listen({ logFile });
  appendFileSync(logFile, 'listening\nError: boom\n    at web.js:1:1\n');
  end({ exitCode: 1, signal: undefined });
  expect(told).toEqual([
    { type: 'exited', target: 'web', exitCode: 1, signal: undefined, lastLines: ['listening', 'Error: boom'] },
  ]);
});

test('a log that was put aside meanwhile is read from its beginning', () => {
  const logFile = log();
  const { told, end } = listen({ logFile });
  writeFileSync(logFile, 'new\n');
  end({ exitCode: 1, signal: undefined });
  expect(told).toMatchObject([{ lastLines: ['new'] }]);
});

test('memory is told only with a kill that a count of the kernel goes with', () => {
  const ends = [
    { exitCode: undefined, signal: 'SIGKILL' },
    { exitCode: 137, signal: undefined },
    { exitCode: undefined, signal: 'SIGTERM' },
    { exitCode: 1, signal: undefined },
  ];
  const memory = (kills?: typeof oomKills) => {
    const { told, end } = listen({}, kills);
    for (const one of ends) end(one);
    return told.map((event) => ('outOfMemory' in event ? event.outOfMemory : undefined));
  };
  expect(memory(oomKills)).toEqual([MEMORY, MEMORY, undefined, undefined]);
  expect(memory()).toEqual([undefined, undefined, undefined, undefined]);
});
