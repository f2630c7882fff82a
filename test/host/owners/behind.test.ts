import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { isBehind, type Pipes } from '../../../src/host/owners/behind.ts';
import { descendsFrom, listProcesses } from '../../../src/host/processes.ts';
import { until } from '../../fixtures/start.ts';

const one = (pid: number, ppid: number, line: string) => ({ pid, ppid, argv: line.split(' ') });
const none: Pipes = [undefined, undefined, undefined];

/** Whether 30, a child of 20, is behind 20, which has other children too. */
function behind(parent: string, siblings: readonly string[], pipes: Readonly<Record<number, Pipes>> = {}): boolean {
  const line = [one(30, 20, 'node hub.js'), one(20, 1, parent)];
  const others = siblings.map((text, at) => one(31 + at, text.startsWith('  ') ? 30 + at : 20, text.trim()));
  return isBehind(line, 20, [...line, ...others], (pid) => pipes[pid] ?? none);
}

test.each([
  ['sh start.sh', [], true],
  ['sh start.sh', ['node other.js'], false],
  ['npm start', ['node worker.js'], false],
  ['sh start.sh', ['tee hub.log', 'sleep 60', 'node /app/node_modules/.bin/pino-pretty'], true],
  ['bash run.sh', ['bash run.sh', '  sleep 60'], true],
  ['bash run.sh', ['bash run.sh', '  node other.js'], false],
  ['bash run.sh', ['bash run.sh'], true],
  ['bash run.sh', ['npm start'], false],
  ['node hub.js', ['node other.js'], true],
  ['node supervisor.js', [], false],
])('%s, which has %j beside it, stands only before one: %s', (parent, siblings, is) => {
  expect(behind(parent, siblings)).toBe(is);
});

test('what reads the words of a program belongs to it, over several pipes', () => {
  const pipes = { 30: [undefined, 'a', 'a'], 31: ['a', 'b', undefined], 32: ['b', undefined, undefined] } as const;
  expect(behind('sh start.sh', ['node colours.js', 'node shorten.js'], pipes)).toBe(true);
  expect(behind('sh start.sh', ['node other.js', 'node shorten.js'], { ...pipes, 31: none })).toBe(false);
  // Both print into what their shell prints into.
  const shared = { 30: [undefined, 'x', 'x'], 31: [undefined, 'x', 'x'] } as const;
  expect(behind('sh start.sh', ['node other.js'], shared)).toBe(false);
});

test('what does not descend from a process is not behind it, and each step must be a front', () => {
  const line = [one(3, 2, 'node hub.js'), one(2, 1, 'node agent.js'), one(1, 0, 'sh run.sh')];
  expect(isBehind(line, 3, line)).toBe(true);
  expect(isBehind(line, 1, line)).toBe(false);
  expect(isBehind(line, 9, line)).toBe(false);
});

test.skipIf(process.platform !== 'linux')('a pipe is known by its ends (SKIPPED off Linux: needs /proc)', async () => {
  const wait = `"${process.execPath}" -e "process.stdin.resume()"`;
  const shell = spawn('sh', ['-c', `${wait} | ${wait}; true`], { stdio: ['pipe', 'ignore', 'ignore'] });
  onTestFinished(async () => {
    shell.stdin.end();
    await once(shell, 'close');
  });
  const pid = shell.pid ?? 0;
  const both = await until(async () => {
    const all = await listProcesses();
    const found = all.filter((each) => descendsFrom(each.pid, pid, all) && each.argv[1] === '-e');
    return found.length === 2 && { all, found };
  });
  const self = both.all.find((each) => each.pid === pid);
  for (const child of both.found)
    expect(isBehind([child, ...(self === undefined ? [] : [self])], pid, both.all)).toBe(true);
  expect(isBehind([...both.found.slice(0, 1), ...(self === undefined ? [] : [self])], pid, both.all, () => none)).toBe(
    false,
  );
});
