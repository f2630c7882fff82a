import type { FoundHold } from './core/events.ts';
import type { Owner } from './core/owner.ts';
import type { Plan } from './core/plan.ts';
import type { TrackedProcess } from './core/types.ts';
import { surveyOwner } from './host/owners/survey-owner.ts';
import { surveyWork } from './host/survey.ts';

export type Survey = {
  readonly found: readonly FoundHold[];
  readonly ended?: { readonly exitCode: number | undefined; readonly signal: string | undefined };
};

/** Everything on the host that forbids acting on a target now: work on it, and what its owner is about to do. Never rejects. */
export async function surveyTarget(
  plan: Plan,
  target: string,
  known: { readonly tracked: TrackedProcess | undefined; readonly owner: Owner | undefined },
  doors: { readonly surveyWork: typeof surveyWork; readonly surveyOwner: typeof surveyOwner } = {
    surveyWork,
    surveyOwner,
  },
): Promise<Survey> {
  const options = plan.targets[target]?.playbook?.steps[0]?.options;
  const folder = textIn(options, 'cwd');
  const unit = textIn(options, 'unit');
  const port = numberIn(options, 'port');
  const [work, owner] = await Promise.all([
    folder === undefined
      ? []
      : doors.surveyWork({ folder, name: target }).catch(unseen('whether somebody works on it')),
    doors.surveyOwner({ service: target, unit, port, ...known }).catch((error: unknown) => ({
      holds: unseen('what its owner is about to do')(error),
    })),
  ]);
  const ended = 'ended' in owner ? owner.ended : undefined;
  return { found: [...owner.holds, ...work], ...(ended === undefined ? {} : { ended }) };
}

/** What cannot be seen may be there: it holds as work does, for as long as work may. */
function unseen(what: string): (error: unknown) => readonly FoundHold[] {
  return (error) => {
    const because = error instanceof Error ? error.message : String(error);
    return [{ kind: 'work', text: `It cannot be seen ${what}: ${because}.` }];
  };
}

function fieldIn(options: unknown, name: string): unknown {
  if (typeof options !== 'object' || options === null) return undefined;
  return Object.entries(options).find(([key]) => key === name)?.[1];
}

function textIn(options: unknown, name: string): string | undefined {
  const value = fieldIn(options, name);
  return typeof value === 'string' ? value : undefined;
}

function numberIn(options: unknown, name: string): number | undefined {
  const value = fieldIn(options, name);
  return typeof value === 'number' ? value : undefined;
}
