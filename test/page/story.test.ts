import { describe, expect, it } from 'vitest';
import { factsOf } from '../../dashboard/incident-facts.ts';
import { age, ageInWords, bytes, bytesOf, calendarOf, duration, isOwnZone, reply } from '../../dashboard/measure.ts';
import { firstNews, nextNews } from '../../dashboard/news.ts';
import { openIncidents, stepsShown, timelineOf } from '../../dashboard/timeline.ts';
import { broken, calm } from './snapshots.ts';
import { incident } from './targets.ts';

const AT = Date.UTC(2026, 10, 21, 12, 17, 4);
const S = 1000;
const MIN = 60 * S;
const H = 60 * MIN;

const FOUR_DONE = Array.from({ length: 4 }, () => 'done' as const);

describe('an incident told as a timeline', () => {
  const whole = broken(AT);
  const [open] = openIncidents(whole.incidents);
  if (open === undefined) throw new Error('nothing is open');
  const target = whole.targets.find((one) => one.id === open.target);

  it('marks what is done, what turned, what runs and what comes next with its time', () => {
    const steps = timelineOf(open, target, false);
    expect(steps.map((step) => step.mark)).toEqual(['turning-point', ...FOUR_DONE, 'under-way', 'next']);
    expect(steps[0]?.look?.shape).toBe('octagon');
    expect(steps[6]).toMatchObject({
      at: AT + 34_000,
      text: 'It waits for good looks of all its checks, at most until then',
    });
  });

  it('says what the next attempt will do, beside its time, and marks the attempt and not what it has done so far', () => {
    if (target === undefined) throw new Error('no target');
    const { recovery: _, ...calmly } = target;
    const waits = { ...open, next: 'The last attempt is less than 5 min ago; next attempt at 13:22:04.' };
    const limits = { attemptsLastHour: 1, maxAttemptsPerHour: 3, nextAttemptAt: AT + 5 * MIN };
    expect(timelineOf(waits, { ...calmly, limits }, false).at(-1)).toMatchObject({
      at: AT + 5 * MIN,
      text: 'Attempt 2 of 3: restart it',
      detail: 'The last attempt is less than 5 min ago.',
    });
    const usedUp = { ...limits, attemptsLastHour: 3 };
    expect(timelineOf(waits, { ...calmly, limits: usedUp }, false).at(-1)?.text).toBe('One more attempt: restart it');
    const did = { at: AT, kind: 'did', text: 'started python3 message-gateway.py (pid 4711)' };
    expect(timelineOf({ ...open, steps: [...open.steps, did] }, target, false).slice(-3)).toMatchObject([
      { mark: 'under-way', text: 'Attempt 2 of 3: restart it' },
      { mark: 'done', text: did.text },
      { mark: 'next' },
    ]);
  });

  it('has neither a running nor a next step once it is over', () => {
    const over = { ...open, outcome: 'auto-fixed', phase: 'recovered', end: AT } as const;
    expect(timelineOf(over, target, false).map((step) => step.mark)).toEqual(['turning-point', ...FOUR_DONE, 'done']);
  });

  it('promises nothing where the data is not current: a stopped daemon makes no attempt', () => {
    expect(timelineOf(open, target, true).map((step) => step.mark)).toEqual([
      'turning-point',
      ...FOUR_DONE,
      'under-way',
    ]);
  });

  it('shows of a long story how it began and the latest', () => {
    const steps = Array.from({ length: 30 }, (_, i) => ({ at: AT + i, kind: 'look', text: `step ${i}` }));
    const shown = stepsShown(timelineOf({ ...open, steps, next: undefined }, target, false));
    expect(shown.map((step) => step.text)).toEqual(['step 0', ...[23, 24, 25, 26, 27, 28, 29].map((i) => `step ${i}`)]);
  });

  it('opens the worst first, and of equals the one that began first', () => {
    const one = incident(AT, { id: 'a', outcome: 'open', severity: 'warning', start: AT - 9 });
    const two = incident(AT, { id: 'b', outcome: 'open', start: AT - 5 });
    const three = incident(AT, { id: 'c', outcome: 'open', start: AT - 7 });
    expect(openIncidents([one, two, three, ...calm(AT).incidents]).map(({ id }) => id)).toEqual(['c', 'b', 'a']);
  });
});

describe('the facts of an incident', () => {
  const calendar = calendarOf('Europe/Berlin');
  const whole = broken(AT);
  const [open] = openIncidents(whole.incidents);
  if (open === undefined) throw new Error('nothing is open');
  const fact = (name: string, over: Partial<typeof open> = {}, grey = false): string | undefined =>
    factsOf({ incident: { ...open, ...over }, snapshot: whole, now: AT, grey, calendar }).find(
      ([one]) => one === name,
    )?.[1];

  it('give the command for now only where nothing but a limit is waited for', () => {
    const [target] = whole.targets.filter(({ id }) => id === open.target);
    if (target === undefined) throw new Error('no target');
    const rulings = [{ at: AT, code: 'limit-cooldown', text: 'Not acted upon' }];
    const command = (over: Partial<typeof target>, startHint = 'node x.js --home /srv/h start', grey = false) => {
      const limits = { ...target.limits, nextAttemptAt: AT + MIN };
      const targets = [{ ...target, limits, rulings, ...over }];
      const snapshot = { ...whole, targets, daemon: { ...whole.daemon, startHint } };
      return factsOf({ incident: open, snapshot, now: AT, grey, calendar }).find(
        ([one]) => one === 'To try it now',
      )?.[1];
    };
    expect(command({})).toBe('node x.js --home /srv/h recover message-gateway');
    expect(command({}, 'sudo systemctl start jarvis-health')).toBe('jarvis-health recover message-gateway');
    expect(command({}, undefined, true)).toBeUndefined();
    expect(command({ rulings: [] })).toBeUndefined();
    const asked = { id: '1', playbook: 'x', at: AT - MIN, endedAt: AT, outcome: 'not-recovered', manual: true };
    expect(command({ attempts: [asked] })).toBeUndefined();
  });

  it('tell a change that came again once', () => {
    const config = (minutes: number) => ({ at: AT - minutes * MIN, text: 'The config was changed' });
    const started = { at: AT - 20 * MIN, text: 'The health daemon was started' };
    expect(fact('Changed just before', { changedBefore: [started, config(18), config(16), config(12)] })).toBe(
      '12:57 The health daemon was started; The config was changed 3 times, last 13:05',
    );
  });
});

describe('what a screen reader is told', () => {
  const news = (key: string, urgent = false) => ({ key, text: `${key}.`, urgent });

  it('is nothing when the page opens and nothing while nothing changes', () => {
    const first = firstNews('ok', AT);
    expect(nextNews(first, news('ok'), AT + 60_000)).toBe(first);
    expect(first).toMatchObject({ polite: '', urgent: '' });
  });

  it('is polite, and interrupts only for a new "down"', () => {
    const down = nextNews(firstNews('ok', AT), news('down', true), AT);
    expect(down).toMatchObject({ urgent: 'down.', polite: '' });
    expect(nextNews(down, news('ok'), AT + 10_000)).toMatchObject({ polite: 'ok.', urgent: '' });
  });

  it('is at most one message in ten seconds, and what is over by then is not told', () => {
    const down = nextNews(firstNews('ok', AT), news('down', true), AT);
    expect(nextNews(down, news('ok'), AT + 9999)).toBe(down);
    expect(nextNews(down, news('down', true), AT + 10_000)).toBe(down);
  });

  it('goes on after a clock was set back', () => {
    const down = nextNews(firstNews('ok', AT), news('down', true), AT);
    expect(nextNews(down, news('ok'), AT - H)).toMatchObject({ polite: 'ok.' });
  });
});

describe('numbers as people read them', () => {
  it('says durations in two units and ages in one', () => {
    const times = [0, 41_900, 134 * S, 120 * S, 66 * MIN, 27 * H, 12 * 24 * H];
    expect(times.map(duration)).toEqual(['0 s', '41 s', '2 min 14 s', '2 min', '1 h 6 min', '1 d 3 h', '12 d']);
    expect(times.map(age)).toEqual(
      ['0 s', '41 s', '2 min', '2 min', '1 h', '27 h', '12 d'].map((t, i) => (i === 3 ? '2 min' : t)),
    );
    expect([1000, 41 * S, 60 * S, 47 * MIN, H, 47 * H, 49 * H].map(ageInWords)).toEqual([
      '1 second',
      '41 seconds',
      '1 minute',
      '47 minutes',
      '1 hour',
      '47 hours',
      '2 days',
    ]);
    expect(duration(-5)).toBe('0 s');
  });

  it('says sizes in decimal units with three figures', () => {
    expect([0, 999, 41_000_000, 6.1e9, 16e9, 149.4e9, 999.6e9, 2.04e12].map(bytes)).toEqual([
      '0 B',
      '999 B',
      '41 MB',
      '6.1 GB',
      '16 GB',
      '149 GB',
      '1 TB',
      '2 TB',
    ]);
    expect(bytesOf(149.4e9, 210e9)).toBe('149 of 210 GB');
    expect(bytesOf(812e6, 16e9)).toBe('812 MB of 16 GB');
    expect([182.4, 999.4, 1300].map(reply)).toEqual(['182 ms', '999 ms', '1.3 s']);
  });

  it("tells times in the host's zone, with the day when it is another", () => {
    const calendar = calendarOf('Europe/Berlin');
    expect([calendar.time(AT), calendar.exact(AT)]).toEqual(['13:17', '13:17:04']);
    expect([calendar.short(AT, AT), calendar.short(AT - 96 * H, AT)]).toEqual(['13:17', '17 Nov']);
    expect(calendar.moment(AT - 96 * H, AT)).toBe('17 Nov, 13:17');
    expect(calendarOf('Atlantis/Nowhere').time(AT)).toMatch(/^\d\d:\d\d$/);
    expect(calendar.time(Number.NaN)).toBe('–');
  });

  it("knows the viewer's own zone by both its names", () => {
    const zone = process.env['TZ'];
    process.env['TZ'] = 'Asia/Kolkata';
    try {
      expect(['Asia/Kolkata', 'Asia/Calcutta', 'Asia/Kathmandu'].map(isOwnZone)).toEqual([true, true, false]);
    } finally {
      if (zone === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zone;
    }
  });
});
