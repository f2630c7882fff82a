import type { Event } from '../../src/core/events.ts';
import { judge } from '../../src/core/judge.ts';
import type { CheckPlan, Plan, TargetPlan } from '../../src/core/plan.ts';
import type { Now, Result } from '../../src/core/types.ts';
import type { Episode } from '../../src/simulate/episode.ts';
import { runHost } from '../../src/simulate/virtual-host.ts';
import { initialState } from '../../src/store/state.ts';
import type { Bench } from './measure.ts';

const DAY_MS = 86_400_000;
const TARGETS = 10;
const SETTLED = { at: 1_700_000_000_000, steady: 1_700_000_000_000 };

/** Ten web services with the usual options. */
function hostOf(count: number): Plan {
  const ids = Array.from({ length: count }, (_, n) => `web-${n}`);
  const verify = { retries: 0, backoffMs: 0, verify: {} } as const;
  const step = { action: 'restart-service', options: {}, timeoutMs: 60_000, recovers: true, ...verify };
  const target = (id: string): TargetPlan => ({
    id,
    kind: 'service',
    mode: 'act',
    parents: [],
    policy: {
      cooldownMs: 300_000,
      maxAttemptsPerHour: 3,
      forgetAfterMs: 600_000,
      startGraceMs: 60_000,
      startGraceCapMs: 600_000,
      recoverOn: [],
      bringUpTries: 3,
      bringUpBackoffMs: 2_000,
    },
    cadenceMs: 10_000,
    playbooks: [{ name: 'service-restart', summary: '', sloMs: 3_600_000, steps: [step] }],
    byHand: [],
    because: undefined,
    bringUp: true,
    fingerprint: '1',
  });
  const check = (id: string, name: string, everyMs: number): CheckPlan => ({
    id: `${id}:${name}`,
    target: id,
    name,
    everyMs,
    timeoutMs: name === 'process' ? 2_000 : 10_000,
    forMs: undefined,
    failureThreshold: 3,
    successThreshold: 2,
    retryEveryMs: 2_000,
    hungAfterMs: 60_000,
    options: {},
  });
  const checks = ids.flatMap((id) => [check(id, 'process', 250), check(id, 'http', 10_000)]);
  return {
    mode: 'act',
    configured: true,
    targets: Object.fromEntries(ids.map((id) => [id, target(id)])),
    checks: Object.fromEntries(checks.map((one) => [one.id, one])),
    limits: { hostAttempts: 6, hostWindowMs: 600_000, breakerForMs: 1_800_000, maxConcurrent: 2 },
    alerts: { after: 3, cooldownMs: 3_600_000 },
    holds: { afterBootMs: 60_000, afterWakeMs: 60_000, parentMs: 300_000, workMs: 1_800_000, terminalMs: 60_000 },
  };
}

/** Two troubles a week and target: crashes, hangs, ones that go away, and one in ten that lasts for five hours. */
function yearOf(plan: Plan, from: number): readonly Episode[] {
  const ids = Object.keys(plan.targets);
  return Array.from({ length: 52 * 2 * ids.length }, (_, n): Episode => {
    const at = from + Math.floor((n / (52 * 2 * ids.length)) * 365 * DAY_MS);
    const about = { target: ids[n % ids.length] ?? '', from: at, class: undefined, severity: 'critical' } as const;
    if (n % 10 === 3)
      return {
        ...about,
        to: at + 18_000_000,
        reason: 'gone',
        ended: { by: 'person' },
        vain: [{ result: 'failed', actMs: 500 }],
      };
    if (n % 10 === 7) return { ...about, to: at + 120_000, reason: 'refused', ended: { by: 'itself' }, vain: [] };
    const ended = { by: 'attempt', nth: 1, acts: 1, actMs: 1_000, startMs: 4_000 } as const;
    return { ...about, to: at + 90_000, reason: n % 3 === 0 ? 'silent' : 'gone', ended, vain: [] };
  });
}

export const simulateBench: Bench = {
  name: 'simulate',
  says: 'a year of ten targets, two troubles a week and target, simulated',
  budget: 15_000,
  async run() {
    const plan = hostOf(TARGETS);
    const from = SETTLED.at;
    const episodes = yearOf(plan, from);
    const began = process.cpuUsage();
    const { events, acts } = runHost({
      plan,
      episodes,
      from,
      to: from + 365 * DAY_MS,
      state: initialState(),
      owners: {},
    });
    const tookMs = cpuMsSince(began);
    return {
      ours: tookMs,
      unit: 'ms',
      note: `CPU; ${episodes.length} troubles, ${acts.length} attempts, ${events} events`,
    };
  },
};

const EVENTS = 200_000;

export const judgeBench: Bench = {
  name: 'judge',
  says: 'judging one event on a host of ten services (10 µs are 100,000 a second)',
  budget: 10,
  async run() {
    const plan = hostOf(TARGETS);
    const events = eventsFor(plan);
    let { world } = judge(
      { state: initialState(), latest: {} },
      { type: 'booted', sinceBootMs: DAY_MS },
      plan,
      SETTLED,
    );
    const began = process.cpuUsage();
    for (const { event, now } of events) world = judge(world, event, plan, now).world;
    const perEventUs = (cpuMsSince(began) / EVENTS) * 1_000;
    return { ours: perEventUs, unit: 'µs', note: `CPU; ${Math.round(1e6 / perEventUs)} events a second, of ${EVENTS}` };
  },
};

/** Nine looks to each second that passes; every fiftieth look fails, and hardly ever one comes of it. */
function eventsFor(plan: Plan): readonly { readonly event: Event; readonly now: Now }[] {
  const checks = Object.values(plan.checks);
  const processes = new Map(checks.map(({ target }) => [target, processOf(target)]));
  return Array.from({ length: EVENTS }, (_, n) => {
    const now = { at: SETTLED.at + n * 111, steady: SETTLED.steady + n * 111 };
    const check = checks[n % checks.length];
    if (check === undefined || n % 10 === 9) return { event: { type: 'ticked' }, now };
    const isBad = n % 50 === 48 && check.name === 'http';
    const seen = isBad ? FAILS : WELL;
    const tracked = check.name === 'process' ? processes.get(check.target) : undefined;
    const about = { check: check.id, target: check.target, look: n, message: seen.reason, ...now, tookMs: 1 };
    const result: Result = { ...about, evidence: 'suspect', metrics: {}, process: tracked, ...seen };
    return { event: { type: 'looked', result }, now };
  });
}

const FAILS = { status: 'critical', reason: 'refused', silent: true } as const;
const WELL = { status: 'ok', reason: 'fine', silent: false } as const;

/** CPU time, collecting garbage included: how busy the machine is besides says nothing of this program. */
function cpuMsSince(began: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1_000;
}

function processOf(target: string) {
  const identity = { pid: 100 + target.length, startToken: target, command: target, cwd: undefined };
  return { ...identity, hadTerminal: false, proven: true, ownGroup: undefined };
}
