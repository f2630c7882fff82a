import type { Assessment, LookContext } from './check.ts';
import { sameProcess } from './core/command-line.ts';
import type { Owner } from './core/owner.ts';
import type { CheckPlan } from './core/plan.ts';
import type { Now, Result, TrackedProcess } from './core/types.ts';
import { monotonicMs } from './host/clock.ts';

/** The part of a check module that a look needs (checks/index.ts). */
export type Looker = { readonly look: (options: object, context: LookContext) => Promise<Assessment> };

export type Seen = {
  readonly tracked: TrackedProcess | undefined;
  readonly owner?: Owner | undefined;
  readonly now: Now;
  readonly startedAtMs?: number | undefined;
  readonly home?: string;
};

/** Beyond a check's own time-out it gets this long to come back by itself before it is given up. */
const PATIENCE_MS = 2_000;

/**
 * One look: the check's assessment in its envelope. Never rejects: a check that throws or does not come back could not
 * look, which is `unknown` and never a trouble of the target. What comes back after that is dropped.
 */
export async function lookOnce(
  check: CheckPlan,
  looker: Looker,
  seen: Seen & { readonly look: number },
): Promise<Result> {
  const began = monotonicMs();
  const assessment = await assessed(check, looker, seen);
  return {
    check: check.id,
    target: check.target,
    look: seen.look,
    status: assessment.status,
    evidence: assessment.evidence ?? 'suspect',
    reason: assessment.reason,
    message: assessment.message,
    silent: assessment.silent ?? false,
    metrics: assessment.metrics ?? {},
    ...(assessment.clear === undefined ? {} : { clear: assessment.clear }),
    ...(assessment.process === undefined ? {} : { process: assessment.process }),
    ...begunWith(assessment, seen.tracked),
    at: seen.now.at,
    steady: seen.now.steady,
    tookMs: Math.max(0, Math.round(monotonicMs() - began)),
  };
}

/** While it looked, another may have become the service: the judge must know of whom a look speaks. */
function begunWith({ process, reason }: Assessment, tracked: TrackedProcess | undefined): Pick<Result, 'begunWith'> {
  const isAnother = process !== undefined && (tracked === undefined || !sameProcess(process, tracked));
  if (!isAnother && reason !== 'gone') return {};
  return { begunWith: tracked === undefined ? 'nobody' : { pid: tracked.pid, startToken: tracked.startToken } };
}

async function assessed(check: CheckPlan, looker: Looker, seen: Seen): Promise<Assessment> {
  let deadline: NodeJS.Timeout | undefined;
  let abort: AbortController | undefined;
  const context: LookContext = {
    timeoutMs: check.timeoutMs,
    tracked: seen.tracked,
    owner: seen.owner,
    steadyMs: seen.now.steady,
    startedAtMs: seen.startedAtMs,
    ...(seen.home === undefined ? {} : { home: seen.home }),
    // Made only when asked for: a process look every 250 ms never does.
    get signal() {
      abort ??= new AbortController();
      return abort.signal;
    },
  };
  const late = new Promise<Assessment>((resolve) => {
    deadline = setTimeout(() => {
      abort?.abort();
      resolve(couldNotLook(`the look did not come back within ${(check.timeoutMs + PATIENCE_MS) / 1000} s`));
    }, check.timeoutMs + PATIENCE_MS);
  });
  try {
    return await Promise.race([looker.look(asObject(check.options), context), late]);
  } catch (error) {
    return couldNotLook(error instanceof Error ? error.message : String(error));
  } finally {
    clearTimeout(deadline);
  }
}

function couldNotLook(message: string): Assessment {
  return { status: 'unknown', reason: 'cannot-look', message };
}

function asObject(options: unknown): object {
  if (typeof options === 'object' && options !== null) return options;
  throw new Error('the check has no options');
}
