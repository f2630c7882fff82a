import { describe, expect, it } from 'vitest';
import { calendarOf } from '../../dashboard/measure.ts';
import type { PageState } from '../../dashboard/page-state.ts';
import { chipOf, viewOf } from '../../dashboard/view.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { broken, calm, empty, stopped } from './snapshots.ts';

const AT = Date.UTC(2026, 10, 21, 12, 17, 4);
const MIN = 60_000;
const calendar = calendarOf('Europe/Berlin');

function page(snapshot: Snapshot | undefined, ageMs: number, over: Partial<PageState> = {}): PageState {
  return {
    first: false,
    snapshot,
    history: undefined,
    newer: false,
    neighbour: 'read',
    reading: false,
    now: AT + ageMs,
    wokeAt: undefined,
    ...over,
  };
}
const view = (state: PageState) => viewOf(state, calendar);

describe('what the page says', () => {
  it('says the verdict while the data is fresh, and leaves the tab with one word', () => {
    expect(view(page(calm(AT), 12_000))).toMatchObject({
      headline: 'Everything is working',
      detail: '14 of 14 checks pass.',
      look: { shape: 'tick', tone: 'ok' },
      title: 'OK atlas',
      grey: false,
      button: undefined,
    });
    expect(chipOf(page(calm(AT), 12_000), calendar)).toEqual({ dot: 'file', age: '12 s old', more: '' });
  });

  it('keeps the verdict of late data and says in the chip how often it should come', () => {
    expect(view(page(calm(AT), 70_000)).headline).toBe('Everything is working');
    expect(chipOf(page(calm(AT), 70_000), calendar)).toMatchObject({ age: '70 s old', more: ', expected every 20 s' });
  });

  it('says how old stale data is, with the command that starts the daemon and no colour', () => {
    expect(view(page(broken(AT), 47 * MIN))).toMatchObject({
      headline: 'Data is 47 minutes old',
      detail: 'The health daemon is not running. Below is how things were at 13:17, not how they are now.',
      look: { shape: 'question', tone: 'none' },
      command: 'jarvis-health start',
      mayRun: true,
      button: 'read-again',
      title: '? atlas, 47 min old',
      grey: true,
      runningSince: undefined,
    });
    expect(chipOf(page(broken(AT), 47 * MIN), calendar)).toEqual({ dot: 'grey', age: '13:17', more: '' });
  });

  it('names the day of data that is not from today', () => {
    expect(view(page(calm(AT), 3 * 24 * 60 * MIN)).detail).toContain('at 21 Nov, 13:17');
  });

  it('says who stopped the daemon and when', () => {
    expect(view(page(stopped(AT), 0))).toMatchObject({
      headline: 'Health daemon is stopped',
      detail: 'Stopped at 13:17 by you. Nothing is being watched.',
      command: 'jarvis-health start',
      mayRun: false,
    });
    const by = (reason: string) => view(page({ ...stopped(AT), daemon: { ...stopped(AT).daemon, reason } }, 0)).detail;
    expect(by('root')).toBe('Stopped at 13:17 by root. Nothing is being watched.');
    expect(by('')).toBe('Stopped at 13:17. Nothing is being watched.');
  });

  it('says which check does not pass, while that is not believed yet', () => {
    const whole = calm(AT);
    const doubted = { soft: true, detail: 'no answer within 10 s (2 of 3 failed looks)' };
    const targets = whole.targets.map((one) => (one.id === 'dns' ? { ...one, ...doubted } : one));
    const verdict = { ...whole.verdict, detail: '13 of 14 checks pass.' };
    expect(view(page({ ...whole, targets, verdict }, 0)).detail).toBe(
      '13 of 14 checks pass. Looking again at dns: no answer within 10 s (2 of 3 failed looks).',
    );
  });

  it('says until when and why everything is paused, or what of it', () => {
    const verdict = {
      ...calm(AT).verdict,
      state: 'maintenance',
      headline: '7 things are paused',
      detail: 'dns, disk.',
    };
    const held = (...holds: Snapshot['holds']) =>
      view(page({ ...calm(AT), verdict: { ...verdict, state: 'maintenance' }, holds }, 0)).detail;
    const all = { scope: 'all', kind: 'maintenance', reason: 'moving (ada)', until: AT + 30 * MIN };
    const work = { scope: 'dns', kind: 'work', reason: 'an update runs', until: undefined };
    expect(held(all, work)).toBe('Paused until 13:47: moving (ada).');
    expect(held({ ...all, scope: 'dns' }, { ...all, scope: 'disk', reason: '', until: undefined })).toBe(
      'dns is paused until 13:47: moving (ada). disk is paused.',
    );
    expect(held(work)).toBe('dns, disk.');
    const watch = 'One thing to watch: config.yaml is refused (line 7); the last good one is in force.';
    verdict.detail = `dns, disk. ${watch}`;
    expect(held(all)).toBe(`Paused until 13:47: moving (ada). ${watch}`);
  });

  it('begins its second line as a sentence, and leaves names as they are written', () => {
    const told = (detail: string) =>
      view(page({ ...broken(AT), verdict: { ...broken(AT).verdict, detail } }, 0)).detail;
    expect(told('accepts connections and gives no answer within 10 s.')).toMatch(/^Accepts connections/);
    expect(told('dns, backups.')).toBe('dns, backups.');
    expect(told('hub.service was stopped by a person.')).toMatch(/^hub\.service/);
    expect(told('python3 hub.py (pid 812) is gone.')).toMatch(/^python3/);
  });

  it('runs a clock beside trouble and none beside health', () => {
    expect(view(page(broken(AT), 0))).toMatchObject({
      runningSince: AT - 134_000,
      title: 'Recovering: message-gateway',
    });
    expect(view(page(calm(AT), 0)).runningSince).toBeUndefined();
  });

  it('says that the clocks disagree', () => {
    expect(view(page(calm(AT), -4 * MIN))).toMatchObject({
      headline: 'Clock problem',
      detail: 'The data is dated 4 min in the future. Ages cannot be trusted.',
      grey: true,
    });
  });

  it('asks for a reload when the daemon is newer than the page', () => {
    expect(view(page(calm(AT), 0, { newer: true }))).toMatchObject({
      headline: 'Reload this page',
      detail: 'The daemon is newer than this page.',
      button: 'reload',
    });
  });

  it('says no data when there is no snapshot anywhere', () => {
    expect(view(page(undefined, 0, { neighbour: 'unreadable' }))).toMatchObject({
      headline: 'No data',
      detail: 'jarvis-health has not written anything here yet.',
      title: '? jarvis-health',
    });
  });

  it('says when the data file cannot be read, unless the copy is so old that this says it all', () => {
    const unreadable = { neighbour: 'unreadable' } as const;
    const detail = 'This browser cannot read the data file beside this page. This copy is from 13:17.';
    expect(view(page(calm(AT), 9000, unreadable))).toMatchObject({ headline: 'Everything is working', detail });
    expect(view(page(calm(AT), 47 * MIN, unreadable)).headline).toBe('Data is 47 minutes old');
  });

  it('shows the first run as it is told', () => {
    expect(view(page(empty(AT), 0))).toMatchObject({
      headline: 'First check is running',
      title: '? atlas',
      grey: false,
    });
  });

  it('never claims that the daemon is dead right after a sleep', () => {
    const awake = view(page(calm(AT), 8 * 60 * MIN, { wokeAt: AT + 8 * 60 * MIN - 1000 }));
    expect(awake).toMatchObject({ headline: 'Waiting for new data', grey: true, command: undefined });
    expect(awake.detail).toContain('8 hours old');
  });

  it('draws a verdict it does not know as no data, never as good', () => {
    const strange = { ...calm(AT), verdict: { ...calm(AT).verdict, state: 'splendid' } } as unknown as Snapshot;
    expect(view(page(strange, 0)).look).toEqual({ shape: 'question', tone: 'none' });
  });
});
