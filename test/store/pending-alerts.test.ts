import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Alert } from '../../src/core/state.ts';
import type { TakenAlert } from '../../src/store/alert-queue.ts';
import type { Notice } from '../../src/store/notice.ts';
import { openPendingAlerts } from '../../src/store/pending-alerts.ts';
import { NOON, sampleAlert } from './samples.ts';
import { scratch } from './scratch.ts';

async function opened(folder: string, more: { readonly path?: string; readonly max?: number } = {}) {
  const notices: Notice[] = [];
  const taken: TakenAlert[] = [];
  const path = join(folder, 'alert-pending.json');
  const alerts = await openPendingAlerts({
    path,
    queuePath: join(folder, 'alert-queue.json'),
    clockNow: () => NOON,
    onNotice: (notice) => notices.push(notice),
    onTaken: (some) => taken.push(...some),
    ...more,
  });
  const shown = (): unknown => JSON.parse(readFileSync(more.path ?? path, 'utf8'));
  return { alerts, notices, taken, path: more.path ?? path, shown };
}

const ids = (alerts: readonly Alert[]) => alerts.map(({ id }) => id);

describe('alert-pending.json', () => {
  it('is there from the start, empty, for its owner only', async () => {
    const { shown, path } = await opened(scratch());
    expect(shown()).toEqual({ version: 1, alerts: [] });
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('shows what is pending, until it is taken or acknowledged', async () => {
    const { alerts, shown, taken } = await opened(scratch());
    for (const id of ['a', 'b', 'c']) await alerts.add(sampleAlert(id));
    expect(shown()).toEqual({ version: 1, alerts: [sampleAlert('a'), sampleAlert('b'), sampleAlert('c')] });
    expect(await alerts.ack('b', 'page')).toEqual(sampleAlert('b'));
    expect(await alerts.ack('b', 'page')).toBeUndefined();
    expect(ids(await alerts.take('agent'))).toEqual(['a', 'c']);
    expect(await alerts.take('agent')).toEqual([]);
    expect(shown()).toEqual({ version: 1, alerts: [] });
    expect(taken.map(({ id, by }) => `${id} ${by}`)).toEqual(['b page', 'a agent', 'c agent']);
  });

  it('keeps everything over a restart, and lists what was taken after what is pending', async () => {
    const folder = scratch();
    const first = await opened(folder);
    for (const id of ['a', 'b']) await first.alerts.add(sampleAlert(id));
    await first.alerts.ack('a', 'page');
    const { alerts } = await opened(folder);
    expect(await alerts.all()).toEqual([sampleAlert('b'), { ...sampleAlert('a'), takenAt: NOON, by: 'page' }]);
    await alerts.add(sampleAlert('a'));
    expect(ids(await alerts.pending())).toEqual(['b']);
  });

  it('gives the same alerts again to whoever lost the answer and has the receipt', async () => {
    const folder = scratch();
    const first = await opened(folder);
    await first.alerts.add(sampleAlert('a'));
    const answer = await first.alerts.take('agent', 'r-1');
    await first.alerts.add(sampleAlert('b'));
    const { alerts } = await opened(folder);
    expect(await alerts.take('agent', 'r-1')).toEqual(answer);
    expect(ids(await alerts.take('agent', 'r-2'))).toEqual(['b']);
  });

  it('gives each alert to one of many who take at once', async () => {
    const { alerts } = await opened(scratch());
    for (const id of ['a', 'b', 'c']) await alerts.add(sampleAlert(id));
    const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => alerts.take(`agent ${n}`)));
    expect(ids(answers.flat())).toEqual(['a', 'b', 'c']);
  });

  it('says which alert it lost when it was full', async () => {
    const { alerts, notices } = await opened(scratch(), { max: 2 });
    await alerts.add(sampleAlert('a'));
    await alerts.add(sampleAlert('r', { kind: 'reminder' }));
    await alerts.add(sampleAlert('b'));
    expect(ids(await alerts.pending())).toEqual(['a', 'b']);
    expect(notices).toMatchObject([{ code: 'ALERTS_DROPPED', text: expect.stringContaining('r (reminder') }]);
  });

  it('can lie elsewhere, and when it is moved there it is complete', async () => {
    const folder = scratch();
    const first = await opened(folder);
    await first.alerts.add(sampleAlert('a'));
    const { alerts, shown } = await opened(folder, { path: join(folder, 'agent', 'inbox.json') });
    expect(ids(await alerts.pending())).toEqual(['a']);
    expect(shown()).toMatchObject({ alerts: [{ id: 'a' }] });
  });

  it('keeps an alert that cannot be shown now, and shows it later', async () => {
    const folder = scratch();
    const path = join(folder, 'agent', 'inbox.json');
    const { alerts, notices, shown } = await opened(folder, { path });
    rmSync(join(folder, 'agent'), { recursive: true });
    writeFileSync(join(folder, 'agent'), 'in the way');
    await alerts.add(sampleAlert('a'));
    expect(notices.map(({ code }) => code)).toContain('SAVE_FAILED');
    rmSync(join(folder, 'agent'));
    await alerts.refresh();
    expect(shown()).toMatchObject({ alerts: [{ id: 'a' }] });
  });
});

describe('others at work on alert-pending.json', () => {
  async function withThree() {
    const folder = scratch();
    const found = await opened(folder);
    for (const id of ['a', 'b', 'c']) await found.alerts.add(sampleAlert(id));
    return { folder, ...found };
  }

  it('take what they remove from it', async () => {
    const { alerts, path, taken } = await withThree();
    writeFileSync(path, JSON.stringify({ version: 1, alerts: [sampleAlert('b')] }));
    expect(ids(await alerts.take('agent'))).toEqual(['b']);
    expect(taken.map(({ id, by }) => `${id} ${by}`)).toEqual(['a outside', 'c outside', 'b agent']);
  });

  it.each(['while it runs', 'while it does not'])('take everything by moving it away, %s', async (when) => {
    const found = await withThree();
    renameSync(found.path, `${found.path}.mine`);
    const { alerts, shown } = when === 'while it runs' ? found : await opened(found.folder);
    await alerts.add(sampleAlert('d'));
    expect(shown()).toMatchObject({ alerts: [{ id: 'd' }] });
    expect(ids(await alerts.take('agent'))).toEqual(['d']);
  });

  it('cannot bring back what was taken by writing an old copy', async () => {
    const { alerts, path } = await withThree();
    const old = readFileSync(path);
    await alerts.take('agent');
    writeFileSync(path, old);
    expect(await alerts.take('agent')).toEqual([]);
    expect(await alerts.pending()).toEqual([]);
  });

  it.each([0, 1, 100])(
    'lose nothing by cutting it to %i bytes: it is written again, and that is said',
    async (bytes) => {
      const { alerts, path, notices, shown, folder } = await withThree();
      truncateSync(path, bytes);
      await alerts.refresh();
      expect(shown()).toMatchObject({ alerts: [{ id: 'a' }, { id: 'b' }, { id: 'c' }] });
      expect(notices).toMatchObject([{ code: 'FILE_SET_ASIDE' }]);
      expect(readdirSync(folder).some((name) => name.includes('.bad-'))).toBe(bytes > 0);
      expect(ids(await alerts.take('agent'))).toEqual(['a', 'b', 'c']);
    },
  );

  it('lose nothing by putting a folder in its place', async () => {
    const { alerts, path, shown } = await withThree();
    rmSync(path);
    mkdirSync(path);
    await alerts.refresh();
    expect(shown()).toMatchObject({ alerts: [{ id: 'a' }, { id: 'b' }, { id: 'c' }] });
  });

  it('cannot slip in what is no alert', async () => {
    const { alerts, path, notices } = await withThree();
    writeFileSync(
      path,
      JSON.stringify({ version: 1, alerts: [sampleAlert('a'), { id: 'x' }, null, sampleAlert('y')] }),
    );
    expect(ids(await alerts.pending())).toEqual(['a', 'y']);
    expect(notices[0]?.text).toContain('2 entries');
  });

  it('are the memory when our own record is damaged: nothing pending is lost', async () => {
    const { folder } = await withThree();
    writeFileSync(join(folder, 'alert-queue.json'), 'x');
    writeFileSync(join(folder, 'alert-queue.json.last-good'), 'x');
    const { alerts, notices } = await opened(folder);
    expect(ids(await alerts.pending())).toEqual(['a', 'b', 'c']);
    expect(notices).toMatchObject([{ code: 'FILE_STARTED_ANEW' }]);
  });
});
