import type { CheckPlan, Plan } from '../core/plan.ts';
import { checksOf } from '../core/turn.ts';
import type { CheckId, Result, TargetId } from '../core/types.ts';
import type { Life } from './life.ts';
import type { Queue } from './queue.ts';
import { see } from './see.ts';

export type LooksOptions = {
  readonly plan: Plan;
  readonly queue: Queue;
  readonly lives: ReadonlyMap<TargetId, Life>;
  readonly now: () => number;
  /** How long after a look the next one begins by itself, in ms. */
  readonly rhythmOf: (check: CheckPlan) => number;
  /** What sleeps is looked at only when somebody asks. */
  readonly isAwake: (target: TargetId) => boolean;
  readonly isTracked: (target: TargetId) => boolean;
  readonly heard: (result: Result) => void;
};

const NO_FIGURES = {};

/** Looks at the targets of a virtual host, as the scheduler of the daemon has them. */
export function createLooks({ plan, queue, lives, now, rhythmOf, isAwake, isTracked, heard }: LooksOptions) {
  const looping = new Set<CheckId>();
  const pending = new Map<CheckId, number>();
  const busyUntil = new Map<CheckId, number>();
  const firsts = new Set(Object.keys(plan.targets).map((id) => checksOf(plan, id).find(isOfAddress)));
  let number = 0;

  function isOfAddress(id: CheckId): boolean {
    return plan.checks[id]?.name !== 'process';
  }

  /** Looks at all of a target now, and again and again for as long as it is awake. */
  function begin(target: TargetId): void {
    for (const id of checksOf(plan, target)) {
      const check = plan.checks[id];
      if (check === undefined) continue;
      soon(id, now());
      if (looping.has(id)) continue;
      looping.add(id);
      queue.put(now() + rhythmOf(check), () => loop(check));
    }
  }

  function loop(check: CheckPlan): void {
    if (!isAwake(check.target)) return void looping.delete(check.id);
    const tookMs = look(check);
    queue.put(now() + Math.max(rhythmOf(check), tookMs), () => loop(check));
  }

  /** An early look: one pending at a time, and never two of one check at once. */
  function soon(id: CheckId, at: number): void {
    const check = plan.checks[id];
    const known = pending.get(id);
    if (check === undefined || (known !== undefined && known <= at)) return;
    pending.set(id, at);
    queue.put(Math.max(at, busyUntil.get(id) ?? 0), () => {
      if (pending.get(id) !== at) return;
      pending.delete(id);
      look(check);
    });
  }

  function look(check: CheckPlan): number {
    const at = now();
    const busyMs = (busyUntil.get(check.id) ?? 0) - at;
    if (busyMs > 0) return busyMs;
    const life = lives.get(check.target);
    const target = plan.targets[check.target];
    if (life === undefined || target === undefined) return 0;
    const truth = {
      kind: target.kind,
      episode: life.episode(),
      isBooting: life.isBooting(at),
      process: life.process(),
      isTracked: isTracked(check.target),
    };
    const hasProcessCheck = plan.checks[`${check.target}:process`] !== undefined;
    const { status, reason, evidence, silent, clear, process } = see(
      check,
      truth,
      firsts.has(check.id),
      hasProcessCheck,
    );
    const tookMs = reason === 'silent' ? check.timeoutMs : 1;
    number += 1;
    // Written out: spread together, it would take longer than to judge it.
    const result: Result = {
      check: check.id,
      target: check.target,
      look: number,
      status,
      evidence,
      reason,
      message: reason,
      silent,
      metrics: NO_FIGURES,
      clear,
      process,
      at,
      steady: at,
      tookMs,
    };
    busyUntil.set(check.id, at + tookMs);
    queue.put(at + tookMs, () => heard(result));
    return tookMs;
  }

  return { begin, soon };
}
