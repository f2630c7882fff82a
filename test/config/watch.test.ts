import { appendFileSync, mkdirSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type ConfigReading, loadConfig } from '../../src/config/load.ts';
import { writeProblem } from '../../src/config/problems.ts';
import { watchConfig } from '../../src/config/watch.ts';
import { homeWith } from './homes.ts';

let stop = new AbortController();
afterEach(() => stop.abort());

/** Watches `home` and collects what was read: the cooldown of a good config, the words of a bad one. */
function watching(home: string, more: { since?: string; pollEveryMs?: number } = {}): string[] {
  stop = new AbortController();
  const seen: string[] = [];
  const say = (reading: ConfigReading) =>
    seen.push(
      reading.ok ? `cooldown ${reading.loaded.config.policy.cooldown}` : reading.problems.map(writeProblem).join('; '),
    );
  watchConfig({ home, env: {} }, say, { signal: stop.signal, settleMs: 30, pollEveryMs: 100, ...more });
  return seen;
}

const write = (home: string, ms: number) => writeFileSync(join(home, 'config.yaml'), `policy: { cooldown: ${ms}ms }\n`);
const until = (fact: () => void) => vi.waitFor(fact, { timeout: 8000, interval: 10 });

describe('a changed config', () => {
  it('is read again when it was written, replaced by a rename, or came to be', async () => {
    const home = homeWith(undefined);
    const seen = watching(home, { pollEveryMs: 60_000 });
    write(home, 10);
    await until(() => expect(seen.at(-1)).toBe('cooldown 10'));
    writeFileSync(join(home, 'config.yaml~'), 'policy: { cooldown: 20ms }\n');
    renameSync(join(home, 'config.yaml~'), join(home, 'config.yaml'));
    await until(() => expect(seen.at(-1)).toBe('cooldown 20'));
    write(home, 30);
    await until(() => expect(seen).toEqual(['cooldown 10', 'cooldown 20', 'cooldown 30']));
  });

  it('is read once when an editor writes it in many steps', async () => {
    const home = homeWith('policy: {}\n');
    const seen = watching(home);
    for (const piece of ['', 'policy', ': { coo', 'ldown: ', '40ms', ' }\n'])
      appendFileSync(join(home, 'config.yaml'), piece);
    writeFileSync(join(home, 'config.yaml'), '');
    write(home, 40);
    await until(() => expect(seen).toEqual(['cooldown 40']));
  });

  it('that is wrong is reported with its place, and so is the next good one', async () => {
    const home = homeWith('policy: { mode: act }\n');
    const seen = watching(home);
    writeFileSync(join(home, 'config.yaml'), 'policy: { mode: axt }\n');
    await until(() =>
      expect(seen).toEqual(['config.yaml:1:11 policy.mode is "axt", act or observe is needed; did you mean act?']),
    );
    write(home, 50);
    await until(() => expect(seen.at(-1)).toBe('cooldown 50'));
  });

  it('that was emptied or is gone is trouble, not a change of mode', async () => {
    const home = homeWith('policy: { mode: act }\n');
    const seen = watching(home);
    writeFileSync(join(home, 'config.yaml'), '');
    await until(() => expect(seen.at(-1)).toBe('config.yaml is empty; the last good one stays in force'));
    unlinkSync(join(home, 'config.yaml'));
    await until(() => expect(seen.at(-1)).toBe('config.yaml is gone; the last good one stays in force'));
  });

  it('is noticed behind a link, in a folder that was made anew, and when it changed before the watch began', async () => {
    const home = homeWith(undefined);
    writeFileSync(join(home, 'real'), 'policy: { cooldown: 1ms }\n');
    mkdirSync(join(home, 'sub'));
    symlinkSync('../real', join(home, 'sub', 'config.yaml'));
    const before = await loadConfig({ home: join(home, 'sub'), env: {} });
    writeFileSync(join(home, 'real'), 'policy: { cooldown: 60ms }\n');
    const seen = watching(join(home, 'sub'), { since: before.stamp });
    await until(() => expect(seen.at(-1)).toBe('cooldown 60'));
    writeFileSync(join(home, 'real'), 'policy: { cooldown: 70ms }\n');
    await until(() => expect(seen.at(-1)).toBe('cooldown 70'));
    rmSync(join(home, 'sub'), { recursive: true });
    mkdirSync(join(home, 'sub'));
    write(join(home, 'sub'), 80);
    await until(() => expect(seen.at(-1)).toBe('cooldown 80'));
  });

  it('is no matter any more after the end', async () => {
    const home = homeWith('policy: {}\n');
    const ended = watching(home);
    stop.abort();
    write(home, 90);
    const alive = watching(home, { since: '' });
    await until(() => expect(alive).toEqual(['cooldown 90']));
    expect(ended).toEqual([]);
  });
});
