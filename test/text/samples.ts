import type { CheckView, IncidentView, Snapshot, TargetView } from '../../src/core/snapshot.ts';

/** Snapshots to draw: calm, broken, empty, hostile. Built, not recorded, so that every test says what it depends on. */

export const NOW = new Date(2026, 10, 17, 13, 17, 4).getTime();
const MIN = 60_000;

function aCheck(over: Partial<CheckView> = {}): CheckView {
  return {
    id: 'hub:http',
    name: 'http',
    status: 'ok',
    soft: false,
    strikes: 0,
    threshold: 3,
    reason: 'fine',
    message: 'answers 200 in 12 ms',
    at: NOW - 4000,
    tookMs: 12,
    everyMs: 10_000,
    metrics: { replyMs: 12 },
    ...over,
  };
}

export function aTarget(over: Partial<TargetView> = {}): TargetView {
  return {
    id: 'hub',
    kind: 'service',
    state: 'working',
    status: 'ok',
    soft: false,
    detail: 'answers in 12 ms',
    since: NOW - 124 * MIN,
    replyMs: 12,
    flapping: false,
    silencedUntil: undefined,
    incident: undefined,
    parents: [],
    checks: [aCheck(), aCheck({ id: 'hub:process', name: 'process', message: 'pid 812 is alive' })],
    process: { pid: 812, command: 'python3 hub-api.py' },
    rulings: [],
    attempts: [],
    limits: { attemptsLastHour: 0, maxAttemptsPerHour: 3, nextAttemptAt: undefined },
    mode: 'act',
    plan: ['restart it'],
    because: undefined,
    ...over,
  };
}

export function anIncident(over: Partial<IncidentView> = {}): IncidentView {
  return {
    id: '17',
    target: 'hub',
    title: 'hub is down',
    phase: 'recovering',
    severity: 'critical',
    start: NOW - 134_000,
    end: undefined,
    outcome: 'open',
    ackAt: undefined,
    stoppedAt: undefined,
    cause: 'its process is gone',
    steps: [
      {
        at: NOW - 134_000,
        kind: 'detected',
        text: 'hub is down',
        detail: 'pid 812 (python3 hub-api.py) does not exist any more',
      },
      {
        at: NOW - 133_900,
        kind: 'attempt-started',
        text: 'Attempt 1 of 3: restart it',
        detail: 'started python3 hub-api.py as pid 990',
      },
      {
        at: NOW - 133_000,
        kind: 'not-verified',
        text: 'The next look found it down again',
        detail: 'connection refused on 127.0.0.1:8080',
      },
    ],
    next: 'The last attempt is less than 5 min ago; next attempt at 13:20:02.',
    ...over,
  };
}

export function calm(): Snapshot {
  return {
    schema: 1,
    writtenAt: NOW - 2000,
    everyMs: 20_000,
    seq: 42,
    host: { name: 'atlas', tz: 'Europe/Berlin', bootAt: NOW - 9 * 86_400_000 },
    daemon: {
      version: '0.1.0',
      pid: 4242,
      startedAt: NOW - 12 * 86_400_000,
      rssBytes: 61_300_000,
      state: 'running',
      startHint: 'jarvis-health start',
      home: '/home/ada/jarvis-health',
      mode: 'act',
      configured: true,
      notices: [],
    },
    verdict: { state: 'working', headline: 'Everything works', detail: '6 of 6 checks pass.', since: NOW - 124 * MIN },
    targets: [
      aTarget({ id: 'gateway', detail: 'answers in 9 ms' }),
      aTarget(),
      aTarget({
        id: 'disk',
        kind: 'disk',
        detail: '149 of 210 GB used (71%)',
        replyMs: undefined,
        process: undefined,
        checks: [aCheck({ id: 'disk:/', name: 'disk', message: '149 of 210 GB used (71%)' })],
      }),
      aTarget({
        id: 'memory',
        kind: 'memory',
        detail: '6.1 of 16 GB used (38%)',
        replyMs: undefined,
        process: undefined,
        checks: [aCheck({ id: 'memory:used', name: 'memory', message: '6.1 of 16 GB used (38%)' })],
      }),
    ],
    incidents: [],
    holds: [],
    silences: [],
    alerts: { pending: [] },
    found: {
      listeners: [
        { address: '127.0.0.1', port: 8080, pid: 812, command: 'python3 hub-api.py' },
        { address: '::', port: 22, pid: undefined, command: '' },
      ],
      logFolders: [
        {
          path: '/home/ada/clawd/logs',
          bytes: 2_400_000_000,
          files: 31,
          largest: 'hub.log',
          largestBytes: 1_900_000_000,
        },
      ],
    },
  };
}

export function broken(): Snapshot {
  const whole = calm();
  return {
    ...whole,
    verdict: {
      state: 'down',
      headline: 'hub is down',
      detail: 'Recovery attempt 2 of 3 starts at 13:20:02.',
      since: NOW - 134_000,
    },
    targets: [
      aTarget({
        state: 'down',
        status: 'critical',
        detail: 'connection refused on 127.0.0.1:8080',
        since: NOW - 134_000,
        incident: '17',
        process: undefined,
        parents: ['gateway'],
        checks: [
          aCheck({
            status: 'critical',
            reason: 'refused',
            strikes: 3,
            message: 'connection refused on 127.0.0.1:8080',
          }),
          aCheck({
            id: 'hub:process',
            name: 'process',
            status: 'critical',
            reason: 'gone',
            strikes: 1,
            threshold: 1,
            message: 'pid 812 does not exist any more',
          }),
        ],
        rulings: [
          { at: NOW - 130_000, code: 'limit-cooldown', text: 'Not now: 5 min between attempts.', until: NOW + 178_000 },
          { at: NOW - 134_000, code: 'ATTEMPT', text: 'Attempt 1 of 3: restart it' },
        ],
        attempts: [
          {
            id: 'a9',
            playbook: 'service-restart',
            at: NOW - 133_900,
            endedAt: NOW - 120_000,
            outcome: 'not-recovered',
            manual: false,
          },
        ],
        limits: { attemptsLastHour: 1, maxAttemptsPerHour: 3, nextAttemptAt: NOW + 178_000 },
      }),
      aTarget({
        id: 'gateway',
        soft: true,
        checks: [
          aCheck({
            id: 'gateway:http',
            status: 'critical',
            soft: true,
            doubt: '1 of 3 failed looks',
            strikes: 1,
            reason: 'silent',
            message: 'no answer within 5 s',
          }),
        ],
      }),
      aTarget({ id: 'tracker', state: 'maintenance', detail: 'paused by ada', silencedUntil: NOW + 40 * MIN }),
      aTarget({
        id: 'disk',
        kind: 'disk',
        state: 'slow',
        status: 'warning',
        detail: '172 of 210 GB used (82%)',
        since: NOW - 300 * MIN,
        checks: [aCheck({ id: 'disk:/', name: 'disk', status: 'warning', message: '172 of 210 GB used (82%)' })],
      }),
      aTarget({
        id: 'memory',
        kind: 'memory',
        state: 'unknown',
        status: 'unknown',
        detail: 'no data since 13:02',
        checks: [
          aCheck({
            id: 'memory:used',
            name: 'memory',
            status: 'unknown',
            message: 'could not look: its own deadline passed',
          }),
        ],
      }),
    ],
    incidents: [
      anIncident(),
      anIncident({
        id: '16',
        title: 'tracker was down',
        target: 'tracker',
        start: NOW - 90 * MIN,
        end: NOW - 89 * MIN,
        phase: 'recovered',
        outcome: 'auto-fixed',
        next: undefined,
      }),
    ],
    holds: [{ scope: 'tracker', kind: 'maintenance', reason: 'upgrade of the database', until: NOW + 20 * MIN }],
    silences: [{ scope: 'tracker', until: NOW + 40 * MIN }],
    alerts: { pending: [anAlert()] },
  };
}

export function anAlert(
  over: Partial<Snapshot['alerts']['pending'][number]> = {},
): Snapshot['alerts']['pending'][number] {
  return {
    id: 'al-3',
    key: 'hub',
    kind: 'opened',
    severity: 'critical',
    target: 'hub',
    incident: '17',
    title: 'hub is down',
    body: 'hub does not answer.',
    since: NOW - 134_000,
    createdAt: NOW - 100_000,
    evidence: ['connection refused on 127.0.0.1:8080'],
    tried: ['13:14:50 restart: did not help. It ended with exit status 1.'],
    next: 'attempt 2 of 3 at 13:20:02',
    doThis: 'Read logs/services/hub.log, then: jarvis-health recover hub',
    ...over,
  };
}

export function empty(): Snapshot {
  const whole = calm();
  return {
    ...whole,
    daemon: { ...whole.daemon, state: 'starting', mode: 'observe', configured: false, startedAt: NOW },
    verdict: {
      state: 'first-run',
      headline: 'First check is running',
      detail: 'The first results arrive in about 20 seconds.',
      since: NOW,
    },
    targets: [],
    found: { listeners: [], logFolders: [] },
  };
}

export const HOSTILE =
  '<b>\u001b[2J\u001b]0;owned\u0007hub\nroot: \u202egnp.exe\u202c \u009b31m\u0000\u200b服务器状态监控面板🚀é́́́́́\u2028\tend\u001b[?1049h';

/** Every string of the broken picture replaced by, or mixed with, hostile text. */
export function hostile(text = HOSTILE): Snapshot {
  const fixed = new Set(['state', 'status', 'kind', 'phase', 'severity', 'outcome', 'reason', 'mode']);
  const spoil = (value: unknown, key: string): unknown => {
    if (typeof value === 'string')
      return fixed.has(key) && !(key === 'reason' && value.includes(' ')) ? value : `${text}${value}`;
    if (Array.isArray(value)) return value.map((item) => spoil(item, key));
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, spoil(v, k)]));
    return value;
  };
  return spoil(broken(), '') as Snapshot;
}
