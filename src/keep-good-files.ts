import type { Plan, TargetPlan } from './core/plan.ts';
import type { State, TargetState } from './core/state.ts';
import type { Now } from './core/types.ts';
import { keepFile } from './host/kept-files.ts';
import { readProcess } from './host/processes.ts';
import type { Log } from './log.ts';

type Keeping = {
  readonly home: string;
  readonly plan: Plan;
  readonly state: State;
  readonly now: Now;
  readonly log: Log;
};

/**
 * Keeps the configuration files that a playbook may have to put back (restore-file), while their service is well with
 * them: its process and its health have lasted for `forgetAfter`, and the file is older than the process, which therefore
 * has read it as it is. To be called once a minute; never rejects.
 */
export async function keepGoodFiles(keeping: Keeping): Promise<void> {
  for (const target of Object.values(keeping.plan.targets)) {
    await keepOf(target, keeping).catch((error: unknown) =>
      keeping.log.warn({ target: target.id, problem: String(error) }, 'good file not kept'),
    );
  }
}

async function keepOf(target: TargetPlan, { home, state, now, log }: Keeping): Promise<void> {
  const files = filesOf(target);
  const seen = state.targets[target.id];
  const bornAtMs = files.length === 0 || seen === undefined ? undefined : await bornOf(target, seen, now);
  if (bornAtMs === undefined) return;
  for (const file of files) {
    const kept = await keepFile({ home, service: target.id, file }, { nowMs: now.at, bornAtMs });
    if (kept.kind === 'kept') log.info({ target: target.id, file, copy: kept.path }, 'good file kept');
    if (kept.kind === 'left') log.debug({ target: target.id, file, because: kept.because }, 'file not kept');
  }
}

/** Of its own playbooks only: one that is run by hand may be meant for another service, of which this one proves nothing. */
function filesOf({ playbooks }: TargetPlan): readonly string[] {
  const options = playbooks
    .flatMap(({ steps }) => steps)
    .flatMap((step) => (step.action === 'restore-file' ? [step.options] : []));
  return [...new Set(options.flatMap(fileIn))];
}

/** With a copy of a person's own (`from`) there is nothing to keep. */
function fileIn(options: unknown): readonly string[] {
  if (typeof options !== 'object' || options === null || !('file' in options)) return [];
  const isNamed = 'from' in options && options.from !== undefined;
  return typeof options.file === 'string' && !isNamed ? [options.file] : [];
}

/** Ages come in hundredths of a second, from two readings. What is written right after a start must not seem older. */
const AGE_ERROR_MS = 50;

/** Wall time at which its process began, once that and its health have lasted for long enough. */
async function bornOf(
  { policy }: TargetPlan,
  { belief, incident, healthySince, tracked }: TargetState,
  now: Now,
): Promise<number | undefined> {
  const isWell = belief === 'ok' && incident === undefined && healthySince !== undefined;
  if (!isWell || tracked === undefined || now.steady - healthySince.steady < policy.forgetAfterMs) return undefined;
  const facts = await readProcess(tracked.pid);
  if (facts === undefined || facts.startToken !== tracked.startToken) return undefined;
  return facts.ageMs < policy.forgetAfterMs ? undefined : now.at - facts.ageMs - AGE_ERROR_MS;
}
