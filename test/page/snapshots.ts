import type { IncidentView, Snapshot, TargetView } from '../../src/core/snapshot.ts';
import { check, D, disk, H, incident, logs, MIN, memory, service } from './targets.ts';

/** Snapshots the page is drawn from, each dated by its reader: `at` is when it was written. */

export function calm(at: number): Snapshot {
  const names = [
    'agent-core',
    'message-gateway',
    'scheduler',
    'tool-sandbox',
    'memory-store',
    'model-api',
    'dns',
    'backups',
  ];
  return {
    schema: 1,
    writtenAt: at,
    everyMs: 20_000,
    seq: Math.floor(at / 1000),
    host: { name: 'atlas', tz: 'Europe/Berlin', bootAt: at - 12 * D },
    daemon: {
      version: '0.1.0',
      pid: 4242,
      startedAt: at - 12 * D,
      rssBytes: 41e6,
      state: 'running',
      startHint: 'jarvis-health start',
      home: '/home/ada/jarvis-health',
      mode: 'act',
      configured: true,
      notices: [],
    },
    verdict: {
      state: 'working',
      headline: 'Everything is working',
      detail: '14 of 14 checks pass.',
      since: at - 3 * D,
    },
    targets: [...names.map((name) => service(at, name)), disk(at), memory(at), logs(at)],
    incidents: [
      incident(at, {
        id: '17',
        target: 'model-api',
        title: 'model-api answers with errors',
        start: at - 14 * H,
        end: at - 14 * H + 24 * MIN,
        outcome: 'went-away',
        cause: 'status 503',
      }),
      incident(at),
      incident(at, {
        id: '15',
        target: 'disk',
        title: 'disk is over its limit',
        start: at - 16 * D,
        end: at - 16 * D + 126 * MIN,
        outcome: 'needed-you',
        cause: '',
      }),
    ],
    holds: [],
    silences: [],
    alerts: { pending: [] },
    found: { listeners: [], logFolders: [] },
  };
}

/** One service down with recovery under way, one slow, one paused and silent, one with a look that failed. */
export function broken(at: number): Snapshot {
  const whole = calm(at);
  const since = at - 134_000;
  const changed: Readonly<Record<string, Partial<TargetView>>> = {
    'message-gateway': {
      state: 'recovering',
      status: 'critical',
      detail: 'recovering, attempt 2',
      since,
      replyMs: undefined,
      incident: '18',
      limits: { attemptsLastHour: 2, maxAttemptsPerHour: 3, nextAttemptAt: undefined },
      recovery: recoveryOf(at),
      rulings: [{ at: at - 26_000, code: 'attempt-started', text: 'Attempt 2 of 3: restart it' }],
    },
    scheduler: {
      state: 'slow',
      status: 'warning',
      detail: 'answers only after 4.1 s, more than 2 s is slow',
      parents: ['message-gateway'],
    },
    dns: {
      soft: true,
      detail: 'no answer within 10 s (1 of 3 failed looks)',
      checks: [
        check(at, 'dns:http', {
          status: 'critical',
          soft: true,
          strikes: 1,
          doubt: '1 of 3 failed looks',
          message: 'no answer within 10 s',
        }),
      ],
    },
    backups: { state: 'maintenance', detail: 'not looked after', silencedUntil: at + 40 * MIN },
  };
  const open = incident(at, {
    id: '18',
    title: 'message-gateway stopped running',
    phase: 'recovering',
    start: since,
    end: undefined,
    outcome: 'open',
    cause: `${EXITED} ${LAST_WORDS}`,
    steps: [
      ...firstAttempt(since),
      {
        at: since + 108_000,
        kind: 'attempt-started',
        text: 'Attempt 2 of 3: restart it',
        detail: `Playbook service-restart, class "crashed": ${EXITED}; ${LAST_WORDS}`,
      },
    ],
    next: 'A recovery is running: restart it; it waits for good looks of all its checks, at most until 13:17:38.',
  });
  return {
    ...whole,
    verdict: {
      state: 'recovering',
      headline: 'message-gateway is recovering',
      detail: 'recovering, attempt 2. A recovery is running: restart it.',
      since,
    },
    targets: whole.targets.map((target) => ({ ...target, ...changed[target.id] })),
    incidents: [open, ...whole.incidents],
    holds: [{ scope: 'backups', kind: 'maintenance', reason: 'disk swap', until: at + 20 * MIN }],
    silences: [{ scope: 'backups', until: at + 40 * MIN }],
  };
}

// The words of a real incident: a picture must promise nothing that the daemon does not write.
const EXITED = 'It ended with exit status 1.';
const LAST_WORDS = 'It last said: data/messages.lock is held by pid 812';

/** How it broke, and the attempt that did not help. */
export function firstAttempt(since: number): IncidentView['steps'] {
  return [
    {
      at: since,
      kind: 'detected',
      text: 'message-gateway stopped running',
      detail: 'python3 message-gateway.py (pid 812) is gone',
    },
    {
      at: since + 200,
      kind: 'attempt-started',
      text: 'Attempt 1 of 3: restart it',
      detail: 'Playbook service-restart, class "crashed": It was ended by SIGKILL.',
    },
    { at: since + 500, kind: 'did', text: 'started python3 message-gateway.py (pid 4711)' },
    {
      at: since + 4_000,
      kind: 'not-verified',
      text: 'It was started and ended again: python3 message-gateway.py (pid 4711) is gone',
      detail: 'data/messages.lock is held by pid 812',
    },
    { at: since + 4_100, kind: 'alert-opened', text: 'Alert sent: message-gateway stopped running' },
  ];
}

const recoveryOf = (at: number): NonNullable<TargetView['recovery']> => ({
  attempt: '2',
  playbook: 'service-restart',
  class: 'crashed',
  because: [EXITED, LAST_WORDS],
  action: 'restart it',
  step: 1,
  of: 1,
  try: 1,
  tries: 1,
  phase: 'verifying',
  waitsFor: 'good looks of all its checks',
  until: at + 34_000,
  next: 'the attempt is over',
});

export function stopped(at: number): Snapshot {
  const whole = calm(at);
  return { ...whole, daemon: { ...whole.daemon, state: 'stopped', stoppedAt: at, reason: 'ada' } };
}

/** The first seconds of an unconfigured host. */
export function empty(at: number): Snapshot {
  const whole = calm(at);
  const waiting = (target: TargetView): TargetView => ({
    ...target,
    state: 'first-run',
    status: 'unknown',
    detail: '',
    checks: target.checks.map((one) => ({ ...one, at: undefined, message: '', metrics: {} })),
  });
  return {
    ...whole,
    daemon: { ...whole.daemon, configured: false, mode: 'observe', startedAt: at - 8000 },
    verdict: {
      state: 'first-run',
      headline: 'First check is running',
      detail: '14 checks found on this machine. The first results arrive in about 20 seconds.',
      since: at,
    },
    targets: [waiting(disk(at)), waiting(memory(at))],
    incidents: [],
    found: {
      listeners: [{ address: '127.0.0.1', port: 8080, pid: 812, command: 'python3 hub-api.py' }],
      logFolders: [{ path: '/home/ada/clawd/logs', bytes: 2.4e9, files: 31, largest: 'hub.log', largestBytes: 1.9e9 }],
    },
  };
}
