import { describe, expect, it } from 'vitest';
import { isDead, parseStat } from '../../src/host/proc-stat.ts';

const rest = '100 90 80 34816 90 4194304 1 2 3 4 250 50 7 8 20 0 4 0 987654 3133440 397 18446744073709551615 0 0';

describe('a line of /proc/PID/stat', () => {
  it.each(['node', 'a b', '((x) y)', ') R 1 2 3 (', '', '\u00e9\n'])('is read whatever the name is: %j', (name) => {
    expect(parseStat(`42 (${name}) S ${rest}\n`)).toEqual({
      ...{ pid: 42, name, state: 'S', ppid: 100, pgid: 90, sid: 80, tty: 34816 },
      ...{ cpuTicks: 300, threads: 4, startTicks: '987654', rssPages: 397 },
    });
  });

  it.each(['', '42', '42 (node', '42 (node) S 1 2', 'node) 42 ('])('that is torn is nothing: %j', (line) => {
    expect(parseStat(line)).toBeUndefined();
  });

  it('tells the dead from a process whose first thread has ended', () => {
    expect(isDead({ state: 'Z', threads: 1 })).toBe(true);
    expect(isDead({ state: 'Z', threads: 3 })).toBe(false);
    expect(isDead({ state: 'X', threads: 1 })).toBe(true);
    expect(isDead({ state: 'D', threads: 1 })).toBe(false);
  });
});
