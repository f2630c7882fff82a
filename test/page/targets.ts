import type { CheckView, IncidentView, TargetView } from '../../src/core/snapshot.ts';

/** The parts of a snapshot, well unless told otherwise. `at` is when it was written. */

export const MIN = 60_000;
export const H = 60 * MIN;
export const D = 24 * H;

export function check(at: number, id: string, over: Partial<CheckView> = {}): CheckView {
  return {
    id,
    name: id.slice(id.indexOf(':') + 1),
    status: 'ok',
    soft: false,
    strikes: 0,
    threshold: 3,
    reason: 'fine',
    message: 'answers in 12 ms',
    at: at - 2000,
    tookMs: 12,
    everyMs: 10_000,
    metrics: {},
    ...over,
  };
}

export function service(at: number, id: string, over: Partial<TargetView> = {}): TargetView {
  return {
    id,
    kind: 'service',
    state: 'working',
    status: 'ok',
    soft: false,
    detail: 'answers in 182 ms',
    since: at - 3 * D,
    replyMs: 182,
    flapping: false,
    silencedUntil: undefined,
    incident: undefined,
    parents: [],
    checks: [
      check(at, `${id}:process`, { message: `python3 ${id}.py (pid 812) runs`, everyMs: 250 }),
      check(at, `${id}:http`, { message: 'answers in 182 ms' }),
    ],
    process: { pid: 812, command: `python3 ${id}.py` },
    rulings: [],
    attempts: [],
    limits: { attemptsLastHour: 0, maxAttemptsPerHour: 3, nextAttemptAt: undefined },
    mode: 'act',
    plan: ['restart it'],
    because: undefined,
    ...over,
  };
}

function resource(
  at: number,
  id: Exclude<TargetView['kind'], 'service'>,
  name: string,
  detail: string,
  metrics: CheckView['metrics'],
): TargetView {
  return {
    ...service(at, id),
    kind: id,
    detail,
    replyMs: undefined,
    process: undefined,
    plan: [],
    checks: [check(at, name, { message: detail, metrics, everyMs: 60_000 })],
  };
}

export const disk = (at: number): TargetView =>
  resource(at, 'disk', 'disk:/', '149 of 210 GB used on / (71%)', {
    usedPercent: 71.2,
    usedBytes: 149.4e9,
    totalBytes: 210e9,
  });
export const memory = (at: number): TargetView =>
  resource(at, 'memory', 'memory:used', '6.1 of 16 GB of memory used (38%)', {
    usedPercent: 38.1,
    usedBytes: 6.1e9,
    totalBytes: 16e9,
  });
export const logs = (at: number): TargetView =>
  resource(at, 'logs', 'logs:~/clawd/logs/*.log', '31 logs, the largest has 34 MB', {
    files: 31,
    totalBytes: 412e6,
    largestBytes: 34e6,
  });

export function incident(at: number, over: Partial<IncidentView> = {}): IncidentView {
  return {
    id: '16',
    target: 'message-gateway',
    title: 'message-gateway stopped answering',
    phase: 'recovered',
    severity: 'critical',
    start: at - 4 * D,
    end: at - 4 * D + 41_000,
    outcome: 'auto-fixed',
    ackAt: undefined,
    stoppedAt: undefined,
    cause: 'accepts connections and gives no answer within 10 s',
    steps: [],
    next: undefined,
    ...over,
  };
}
