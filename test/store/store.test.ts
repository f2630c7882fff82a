import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cutServiceLogs } from '../../src/host/cut-service-logs.ts';
import { verifyAudit } from '../../src/store/audit-verify.ts';
import { openHome, pathsOf } from '../../src/store/home.ts';
import type { Notice } from '../../src/store/notice.ts';
import { openStore, type StoreOptions } from '../../src/store/store.ts';
import { fillUp } from './full-disk.ts';
import { NOON, sampleAlert, sampleState } from './samples.ts';
import { cannotMount, mounted, scratch } from './scratch.ts';

async function opened(path: string, more: Partial<StoreOptions> = {}) {
  const home = openHome(path);
  const heard: Notice[] = [];
  const store = await openStore({
    home,
    clockNow: () => NOON,
    onNotice: (notice) => heard.push(notice),
    reserveBytes: 128 * 1024,
    ...more,
  });
  return { ...home, store, heard };
}

describe('the store', () => {
  it('remembers everything over a restart', async () => {
    const folder = scratch();
    const first = await opened(folder);
    await first.store.saveState(sampleState(1));
    await first.store.alerts.add(sampleAlert('a'));
    await first.store.audit.append({ kind: 'test', text: 'Did it.' }, NOON);
    first.store.history.append({ check: 'hub:http', at: NOON, status: 'ok' });
    await first.store.close();
    const { store, heard } = await opened(folder);
    expect(store.state).toEqual(sampleState(1));
    expect(await store.alerts.pending()).toEqual([sampleAlert('a')]);
    expect(await store.history.points({ from: NOON, to: NOON + 1 })).toHaveLength(1);
    expect(heard).toEqual([]);
  });

  it('puts every alert that is taken into the audit', async () => {
    const { store, paths } = await opened(scratch());
    await store.alerts.add(sampleAlert('a'));
    await store.alerts.take('agent');
    await store.audit.append({ kind: 'test', text: 'After it.' }, NOON);
    const [line] = readFileSync(paths.audit, 'utf8').split('\n');
    expect(JSON.parse(line ?? '')).toMatchObject({ kind: 'alert-taken', by: 'agent', details: { alert: { id: 'a' } } });
  });

  it('says what it had to set aside, and sweeps up what was interrupted', async () => {
    const folder = scratch();
    const first = await opened(folder);
    await first.store.saveState(sampleState(1));
    await first.store.saveState(sampleState(2));
    writeFileSync(first.paths.state, '{"version":1');
    writeFileSync(join(folder, '.state.json.1-1.tmp'), 'half');
    const { store } = await opened(folder);
    expect(store.state).toEqual(sampleState(1));
    expect(store.notices()).toMatchObject([{ code: 'FILE_SET_ASIDE' }]);
    expect(readdirSync(folder)).not.toContain('.state.json.1-1.tmp');
  });

  it('keeps the pending alerts where the config says', async () => {
    const folder = scratch();
    await opened(folder, { pendingFile: 'inbox/alerts.json' });
    expect(existsSync(join(folder, 'inbox', 'alerts.json'))).toBe(true);
  });

  it('fails a save with words for a person, says so to /readyz, and recovers', async () => {
    const { store, paths } = await opened(scratch());
    const circular = { ...sampleState(1), lastAttempt: Number.NaN };
    await expect(store.saveState(circular)).rejects.toMatchObject({ code: 'INTERNAL' });
    expect(store.trouble()).toContain(paths.state.split('/').at(-1));
    await store.saveState(sampleState(1));
    expect(store.trouble()).toBeUndefined();
  });
});

describe.skipIf(cannotMount !== '')(`on a disk that is full${cannotMount}`, () => {
  async function onFullDisk() {
    const folder = scratch();
    mounted(folder, ['-t', 'tmpfs', '-o', 'size=2m,mode=700', 'tmpfs']);
    const found = await opened(folder);
    await found.store.saveState(sampleState(1));
    const filler = fillUp(folder);
    return { ...found, folder, filler };
  }

  it('state, alerts and audit are still saved, the history is not, and it says so', async () => {
    const { store, folder, heard, paths } = await onFullDisk();
    await store.saveState(sampleState(2));
    await store.alerts.add(sampleAlert('a'));
    await store.audit.append({ kind: 'test', text: 'Did it.' }, NOON);
    store.history.append({ check: 'hub:http', at: NOON, status: 'ok' });
    await store.history.flush();
    expect(heard.map(({ code }) => code)).toEqual(['DISK_FULL', 'HISTORY_DROPPED']);
    expect(store.notices()).toHaveLength(2);

    const again = await opened(folder);
    expect(again.store.state).toEqual(sampleState(2));
    expect(await again.store.alerts.pending()).toEqual([sampleAlert('a')]);
    expect(await verifyAudit(paths.audit)).toMatchObject({ ok: true, lines: 1 });
  });

  it('is well again by itself when there is room', async () => {
    const { store, filler, paths } = await onFullDisk();
    await store.saveState(sampleState(2));
    await store.upkeep();
    expect(existsSync(paths.reserve)).toBe(false);
    unlinkSync(filler);
    await store.upkeep();
    expect(existsSync(paths.reserve)).toBe(true);
    expect(store.notices()).toEqual([]);
    store.history.append({ check: 'hub:http', at: NOON, status: 'ok' });
    await store.history.flush();
    expect(readdirSync(paths.history)).toHaveLength(1);
  });

  it('can be opened, so that a daemon can start and clean up', async () => {
    const { folder } = await onFullDisk();
    const { store } = await opened(folder);
    expect(store.state).toEqual(sampleState(1));
    await store.saveState(sampleState(3));
  });

  it('the log of a service that grows into the reserve is cut short, and all goes on being saved', async () => {
    const folder = scratch();
    mounted(folder, ['-t', 'tmpfs', '-o', 'size=2m,mode=700', 'tmpfs']);
    const full: boolean[] = [];
    const logs = pathsOf(folder).serviceLogs;
    const { store } = await opened(folder, {
      onDiskFull: (now) => full.push(now),
      makeRoom: () => void cutServiceLogs(logs, 16 * 1024),
    });
    const service = openSync(join(logs, 'loud.log'), 'a');
    const filler = fillUp(folder);
    for (let n = 1; n <= 10; n += 1) {
      await store.saveState(sampleState(n));
      await store.alerts.add(sampleAlert(`a${n}`));
      expect(() => writeSync(service, Buffer.alloc(1_000_000, 'line\n')) && writeSync(service, 'more')).toThrow(
        /ENOSPC/,
      );
    }
    closeSync(service);
    expect(full).toEqual([true]);
    expect(store.isDiskFull()).toBe(true);
    unlinkSync(filler);
    await store.upkeep();
    expect(full).toEqual([true, false]);
  });

  it('the reserve is not given up for an alert file on another disk', async () => {
    const folder = scratch();
    mounted(folder, ['-t', 'tmpfs', '-o', 'size=2m,mode=700', 'tmpfs']);
    const full: boolean[] = [];
    const pendingFile = join(folder, 'alert-pending.json');
    const { store } = await opened(scratch(), { pendingFile, onDiskFull: (now) => full.push(now) });
    const filler = fillUp(folder);
    await store.alerts.add(sampleAlert('a'));
    expect(full).toEqual([]);
    expect(store.notices()).toMatchObject([{ code: 'SAVE_FAILED' }]);
    unlinkSync(filler);
    await store.upkeep();
    expect(JSON.parse(readFileSync(pendingFile, 'utf8')).alerts).toHaveLength(1);
  });

  it('nothing acknowledged is lost when even the reserve is used up', async () => {
    const { store, folder, filler } = await onFullDisk();
    let acknowledged = 1;
    let n = 1;
    for (const end = 12; n < end; ) {
      n += 1;
      const more = await store.saveState(sampleState(n)).then(
        () => true,
        () => false,
      );
      if (more) acknowledged = n;
      fillUpAgain(folder, n);
    }
    expect(store.trouble()).toContain('could not be saved');
    const again = await opened(folder).catch(() => undefined);
    const state = again?.store.state ?? JSON.parse(readFileSync(join(folder, 'state.json'), 'utf8'));
    expect(state.lastAttempt).toBe(acknowledged);
    unlinkSync(filler);
    await store.saveState(sampleState(99));
    expect(store.trouble()).toBeUndefined();
  });
});

/** Takes every block that was freed meanwhile, as a program would that fills the disk. */
function fillUpAgain(folder: string, n: number): void {
  const name = join(folder, 'history', `other-${n}`);
  try {
    writeFileSync(name, Buffer.alloc(1 << 20, 1));
  } catch {
    // What fitted stays in the file.
  }
}
