import type { Snapshot, TargetView } from '../../src/core/snapshot.ts';
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
      detail: 'connection refused on 127.0.0.1:8443',
      since,
      replyMs: undefined,
      incident: '18',
      limits: { attemptsLastHour: 2, maxAttemptsPerHour: 3, nextAttemptAt: at + 94_000 },
      rulings: [{ at: at - 26_000, code: 'attempt', text: 'Attempt 2 of 3: its port refuses connections.' }],
    },
    scheduler: { state: 'slow', status: 'warning', detail: '1 job waiting', parents: ['message-gateway'] },
    dns: {
      soft: true,
      checks: [
        check(at, 'dns:http', {
          status: 'critical',
          soft: true,
          strikes: 1,
          doubt: '1 of 3 failed looks',
          message: 'no answer in 10 s',
        }),
      ],
    },
    backups: { state: 'maintenance', detail: 'not looked after', silencedUntil: at + 40 * MIN },
  };
  const open = incident(at, {
    id: '18',
    title: 'message-gateway does not accept connections',
    phase: 'recovering',
    start: since,
    end: undefined,
    outcome: 'open',
    cause: 'Lock left by a killed process',
    steps: [
      {
        at: since,
        kind: 'look',
        text: 'First check failed',
        detail: 'Connection refused on 127.0.0.1:8443. Two more tries, 10 s apart.',
      },
      {
        at: since + 20_000,
        kind: 'detected',
        text: 'Declared down, alert sent',
        detail: '3 of 3 tries failed. Your phone got the alert.',
      },
      {
        at: since + 21_000,
        kind: 'attempt-ended',
        text: 'Attempt 1 did not help',
        detail: 'Restarted the service. It exited after 4 s: lock file already held.',
      },
      {
        at: since + 108_000,
        kind: 'attempt',
        text: 'Attempt 2 of 3 is running',
        detail: 'Removed the dead lock file, restarting, waiting for 2 good checks.',
      },
    ],
    next: 'If that fails, attempt 3 follows. Then it waits for you.',
  });
  return {
    ...whole,
    verdict: {
      state: 'down',
      headline: 'message-gateway is down',
      detail: 'Recovery attempt 2 of 3 is running.',
      since,
    },
    targets: whole.targets.map((target) => ({ ...target, ...changed[target.id] })),
    incidents: [open, ...whole.incidents],
    holds: [{ scope: 'backups', kind: 'maintenance', reason: 'disk swap', until: at + 20 * MIN }],
    silences: [{ scope: 'backups', until: at + 40 * MIN }],
  };
}

export function stopped(at: number): Snapshot {
  const whole = calm(at);
  return { ...whole, daemon: { ...whole.daemon, state: 'stopped', stoppedAt: at, reason: 'by ada' } };
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
