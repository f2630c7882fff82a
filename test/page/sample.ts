import type { Bars, HistoryView, Series, TargetPast } from '../../src/core/history-view.ts';
import type { Snapshot, TargetView } from '../../src/core/snapshot.ts';
import { broken, calm, empty, firstAttempt } from './snapshots.ts';
import { check, D, H, MIN } from './targets.ts';

/** One host as the design's pictures show it: a month of life, a calm day and a bad minute. Always the same for the same `at`. */

const QUARTER = 15 * MIN;
const REPLIES: Readonly<Record<string, number>> = {
  'agent-core': 182,
  'message-gateway': 64,
  'tool-sandbox': 31,
  'memory-store': 3,
  'model-api': 412,
  dns: 14,
};
/** Days ago, letter. */
const MARKS: Readonly<Record<string, readonly (readonly [daysAgo: number, letter: string])[]>> = {
  'message-gateway': [
    [10, 's'],
    [4, 'd'],
  ],
  'tool-sandbox': [[21, 's']],
  'model-api': [
    [25, 'd'],
    [7, 's'],
    [0, 's'],
  ],
  dns: [[17, 'd']],
  backups: [[16, 'd']],
};

export function calmSample(at: number): Snapshot {
  const whole = calm(at);
  return {
    ...whole,
    vitals: {
      cpu: { busyPercent: 12.2, cores: 8, load1: 0.9, celsius: 51.2 },
      memory: { peakTodayBytes: 9.4e9 },
    },
    targets: whole.targets.filter(({ kind }) => kind !== 'logs').map((target) => withReplies(target, at)),
    incidents: whole.incidents.map((incident) =>
      incident.target === 'model-api'
        ? {
            ...incident,
            title: 'model-api answers slowly',
            severity: 'warning',
            start: at - 825 * MIN,
            end: at - 801 * MIN,
            cause: '',
          }
        : incident,
    ),
  };
}

function withReplies(target: TargetView, at: number): TargetView {
  if (target.kind !== 'service') return target;
  const replyMs = REPLIES[target.id];
  const detail = replyMs === undefined ? `python3 ${target.id}.py (pid 812) runs` : `answers in ${replyMs} ms`;
  const recent = Array.from({ length: 5 }, (_, i) => ({
    check: `${target.id}:${replyMs === undefined ? 'process' : 'http'}`,
    at: at - 2000 - i * 10_000,
    status: 'ok' as const,
    message: replyMs === undefined ? detail : `answers in ${replyMs + ((i * 7) % 5)} ms`,
  }));
  const parents = target.id === 'scheduler' ? ['message-gateway'] : [];
  const children = target.id === 'message-gateway' ? ['scheduler'] : [];
  return { ...target, replyMs, detail, recent, parents, children };
}

/** The gateway is down: the first attempt did not help, the second waits for its time, and so does what depends on it. */
export function incidentSample(at: number): Snapshot {
  const whole = calmSample(at);
  const [open] = broken(at).incidents;
  const since = at - 134_000;
  const nextAttemptAt = since + 5 * MIN;
  const gone = 'python3 message-gateway.py (pid 4711) is gone';
  const next = 'The last attempt is less than 5 min ago; next attempt at 14:07:10.';
  const changed: Readonly<Record<string, Partial<TargetView>>> = {
    'message-gateway': {
      state: 'down',
      status: 'critical',
      detail: gone,
      since,
      replyMs: undefined,
      incident: '18',
      process: undefined,
      checks: [
        check(at, 'message-gateway:process', { status: 'critical', reason: 'gone', message: gone, everyMs: 250 }),
        check(at, 'message-gateway:http', {
          status: 'critical',
          reason: 'refused',
          message: 'nothing accepts connections (ECONNREFUSED)',
        }),
      ],
      limits: { attemptsLastHour: 1, maxAttemptsPerHour: 3, nextAttemptAt },
      rulings: [
        {
          at: since + 4_100,
          code: 'limit-cooldown',
          text: 'Not acted upon: the last attempt is less than 5 min ago',
          until: nextAttemptAt,
        },
      ],
    },
    scheduler: {
      soft: true,
      detail: 'answers with status 503 (not counted now)',
      checks: [
        check(at, 'scheduler:http', {
          status: 'critical',
          soft: true,
          doubt: 'not counted now',
          message: 'answers with status 503',
        }),
      ],
    },
  };
  return {
    ...whole,
    verdict: { state: 'down', headline: 'message-gateway is down', detail: `${gone}. ${next}`, since },
    targets: whole.targets.map((target) => ({ ...target, ...changed[target.id] })),
    incidents: [
      ...(open === undefined ? [] : [open]).map((incident) => ({
        ...incident,
        phase: 'detected' as const,
        steps: firstAttempt(since),
        next,
        affects: ['scheduler'],
        changedBefore: [{ at: since - 4 * MIN, text: 'The config was changed' }],
      })),
      ...whole.incidents,
    ],
    holds: [{ scope: 'scheduler', kind: 'parent', reason: 'message-gateway is recovering first', until: at + 3 * MIN }],
  };
}

/** The first seconds: everything is known by name and nothing by looks. */
export function emptySample(at: number): Snapshot {
  const first = empty(at);
  const waiting = calmSample(at).targets.map((target): TargetView => {
    const { recent: _, ...bare } = target;
    return {
      ...bare,
      state: 'first-run',
      status: 'unknown',
      detail: '',
      replyMs: undefined,
      checks: target.checks.map((one) => ({ ...one, at: undefined, message: '', metrics: {} })),
    };
  });
  return { ...first, daemon: { ...first.daemon, configured: true, mode: 'act' }, targets: waiting };
}

/** A month of record up to `at`; the ribbon has half an hour of slow replies in the night. */
export function samplePast(at: number): HistoryView {
  const ids = [...calmSample(at).targets.map(({ id }) => id), 'cpu'];
  return {
    schema: 1,
    writtenAt: at,
    ribbon: dayBars(at, [40, 41]),
    targets: ids.map((id) => pastOf(id, at)),
  };
}

/** The same with the gateway's replies up to the minute in which it broke. */
export function incidentPast(at: number): HistoryView {
  const past = samplePast(at - 30_000);
  const t0 = Math.floor((at - 134_000) / MIN) * MIN - 29 * MIN;
  const reply = (i: number): number => Math.round(640 + 60 * waves(1.4 * i, 5)) / 10;
  const values = Array.from({ length: 32 }, (_, i) => (i < 29 ? reply(i) : null));
  const around: Series = { check: 'message-gateway:http', unit: 'ms', t0, stepMs: MIN, values };
  return { ...past, targets: past.targets.map((one) => (one.id === 'message-gateway' ? { ...one, around } : one)) };
}

const waves = (i: number, seed: number): number =>
  Math.sin(i / 5 + seed) + 0.6 * Math.sin(i / 2.3 + 2 * seed) + 0.4 * Math.sin(i * 1.7 + seed);

function pastOf(id: string, at: number): TargetPast {
  const marks = MARKS[id] ?? [];
  const downDays = marks.filter(([, letter]) => letter === 'd').length;
  const uptime = (days: number) => ({
    downMs: days > 1 ? downDays * (id === 'dns' ? 43 * MIN : 41_000) : 0,
    knownMs: days * D,
  });
  return {
    id,
    day: dayBars(at, id === 'model-api' ? [40, 41] : []),
    month: dayLetters(at, 30, marks),
    quarter: dayLetters(at, 90, marks),
    uptime: { day: uptime(1), month: uptime(30), quarter: uptime(90) },
    series: seriesOf(id, at),
  };
}

function dayBars(at: number, slow: readonly number[]): Bars {
  const last = Math.floor(at / QUARTER) * QUARTER;
  const states = Array.from({ length: 96 }, (_, i) => (slow.includes(i) ? 's' : 'o')).join('');
  return { from: last - 95 * QUARTER, slotMs: QUARTER, states };
}

/** Days of Europe/Berlin in winter: they begin an hour before those of UTC. */
function dayLetters(at: number, days: number, marks: readonly (readonly [number, string])[]): Bars {
  const today = Math.floor((at + H) / D) * D - H;
  const states = Array.from({ length: days }, (_, i) => marks.find(([ago]) => ago === days - 1 - i)?.[1] ?? 'o');
  return { from: today - (days - 1) * D, slotMs: D, states: states.join('') };
}

function seriesOf(id: string, at: number): readonly Series[] {
  const last = Math.floor(at / QUARTER) * QUARTER;
  const day = (check: string, unit: Series['unit'], value: (i: number) => number): readonly Series[] => [
    { check, unit, t0: last - 95 * QUARTER, stepMs: QUARTER, values: Array.from({ length: 96 }, (_, i) => value(i)) },
  ];
  if (id === 'disk') {
    const value = (i: number): number => (i < 38 ? 50 + 0.5 * i : 47 + (i - 38) * 0.526);
    const values = Array.from({ length: 84 }, (_, i) => value(i));
    return [{ check: 'disk:/', unit: 'percent', t0: last - 83 * 4 * H, stepMs: 4 * H, values }];
  }
  if (id === 'memory') return day('memory:used', 'percent', (i) => 40 + 2.4 * waves(i, 1));
  if (id === 'cpu') return day(id, 'percent', (i) => 14 + 4.5 * waves(1.9 * i, 2));
  const reply = REPLIES[id];
  if (reply === undefined) return [];
  const spike = (i: number): number => (id === 'model-api' && (i === 41 || i === 42) ? 3.1 : 1);
  return day(`${id}:http`, 'ms', (i) => reply * spike(i) * (1 + 0.08 * waves(i, reply % 7)));
}
