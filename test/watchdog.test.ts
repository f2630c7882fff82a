import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findNotify, type SystemdNotify } from '../src/host/notify-systemd.ts';
import { startWatchdog } from '../src/watchdog.ts';

/** A watchdog on a clock of its own; `told` is what systemd heard, with the second in which it heard it. */
function watched(watchdogMs: number | undefined, hears = true) {
  const told: string[] = [];
  let nowMs = 0;
  let overdueMs = 0;
  let unheard = 0;
  const notify: SystemdNotify = {
    watchdogMs,
    tell: async (...words) => {
      told.push(`${words.join(' ')}@${nowMs / 1_000}`);
      return hears;
    },
  };
  const watchdog = startWatchdog({
    notify,
    overdueMs: () => overdueMs,
    monotonicMs: () => nowMs,
    onUnheard: () => (unheard += 1),
  });
  async function live(seconds: number, late = 0): Promise<void> {
    overdueMs = late;
    for (let i = 0; i < seconds; i += 1) {
      nowMs += 1_000;
      await new Promise((resolve) => setImmediate(resolve));
      watchdog.beat();
    }
  }
  return { watchdog, told, live, unheard: () => unheard };
}

describe('the watchdog', () => {
  it('is given a sign of life in each third of its time', async () => {
    const { watchdog, told, live } = watched(60_000);
    watchdog.ready();
    await live(65);
    await watchdog.stopping();
    expect(told).toEqual(['READY=1@0', 'WATCHDOG=1@20', 'WATCHDOG=1@40', 'WATCHDOG=1@60', 'STOPPING=1@65']);
  });

  it('gets none while no look is begun, and one at once when looks go on', async () => {
    const { told, live } = watched(60_000);
    await live(59, 6_000);
    expect(told).toEqual([]);
    await live(1, 0);
    expect(told).toEqual(['WATCHDOG=1@60']);
  });

  it('that nobody set is never petted', async () => {
    const { watchdog, told, live } = watched(undefined);
    watchdog.ready();
    await live(300);
    expect(told).toEqual(['READY=1@0']);
  });

  it('is told again that we are ready when it was not heard', async () => {
    const { watchdog, told, live, unheard } = watched(3_000, false);
    watchdog.ready();
    await live(2);
    expect(told).toEqual(['READY=1@0', 'READY=1@1', 'READY=1@2']);
    expect(unheard()).toBe(3);
  });
});

describe('word to systemd', () => {
  it('is sent to nobody where nobody waits', () => {
    expect(findNotify({ PATH: '/usr/bin' })).toBeUndefined();
    expect(findNotify({ NOTIFY_SOCKET: '' })).toBeUndefined();
  });

  it.each([
    [{ WATCHDOG_USEC: '60000000' }, 60_000],
    [{ WATCHDOG_USEC: '60000000', WATCHDOG_PID: '77' }, 60_000],
    [{ WATCHDOG_USEC: '60000000', WATCHDOG_PID: '78' }, undefined],
    [{ WATCHDOG_USEC: '0' }, undefined],
    [{ WATCHDOG_USEC: 'soon' }, undefined],
    [{}, undefined],
  ])('knows from %j whether we are watched', (env, ms) => {
    expect(findNotify({ NOTIFY_SOCKET: '/run/notify', ...env }, 77)?.watchdogMs).toBe(ms);
  });

  it('goes through systemd-notify, and tells when that fails or is not there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'jh-notify-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const fake = join(folder, 'systemd-notify');
    const said = join(folder, 'said');
    const notify = findNotify({ NOTIFY_SOCKET: '/run/notify', PATH: `${folder}:/usr/bin:/bin` });
    writeFileSync(fake, `#!/bin/sh\necho "$NOTIFY_SOCKET $*" > '${said}'\n`);
    chmodSync(fake, 0o755);
    expect(await notify?.tell('READY=1')).toBe(true);
    expect(readFileSync(said, 'utf8')).toBe('/run/notify READY=1\n');
    writeFileSync(fake, '#!/bin/sh\nexit 1\n');
    expect(await notify?.tell('READY=1')).toBe(false);
    expect(await findNotify({ NOTIFY_SOCKET: '/run/notify', PATH: folder })?.tell('X=1')).toBe(false);
    expect(existsSync(said)).toBe(true);
  });
});
