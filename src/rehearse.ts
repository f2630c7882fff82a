import { askedPlaybook } from './core/choose.ts';
import type { Wish } from './core/events.ts';
import { reasonOf } from './core/health.ts';
import { judge } from './core/judge.ts';
import type { Plan, Step, TargetPlan } from './core/plan.ts';
import type { World } from './core/state.ts';
import { troubleOf } from './core/trouble.ts';
import type { Turn } from './core/turn.ts';
import type { Now, Trouble } from './core/types.ts';
import { sayStep } from './core/words.ts';
import type { Runner } from './effects.ts';
import { wallMs } from './host/clock.ts';
import { createHands } from './host/hands.ts';
import { surveyTarget } from './survey-target.ts';

export type RehearseOptions = {
  readonly home: string;
  readonly plan: () => Plan;
  readonly now: () => Now;
  readonly inbox: { readonly world: () => World };
  readonly action: (name: string) => Promise<Runner | undefined>;
};

export type Rehearsed =
  | { readonly ok: true; readonly text: string; readonly lines: readonly string[] }
  | { readonly ok: false; readonly trouble: Trouble };

/** A wish that makes no sense is an error in a rehearsal as well. */
const WRONG: readonly string[] = ['USAGE', 'TARGET_UNKNOWN'];

/**
 * What a recovery would do now: the same survey, the same judge and the same actions, on a copy of what is believed and
 * with hands that only write down.
 */
export async function rehearse(
  options: RehearseOptions,
  wish: Extract<Wish, { type: 'recover' }>,
  by: string,
): Promise<Rehearsed> {
  const { target } = wish;
  const plan = options.plan();
  const world = await surveyed(options, plan, target);
  const now = options.now();
  const { effects } = judge(world, { type: 'asked', request: 0, by, wish }, plan, now);
  const answer = effects.find((effect) => effect.type === 'answer')?.answer;
  if (answer?.ok === false && WRONG.includes(answer.trouble.code)) return answer;
  const lines: string[] = [];
  if (answer?.ok === false) lines.push(`It would be refused now: ${answer.trouble.message} ${answer.trouble.hint}`);
  const run = effects.find((effect) => effect.type === 'run' && effect.target === target);
  const turn: Turn = { state: world.state, latest: world.latest, plan, now, effects: [] };
  const reason = run?.type === 'run' ? run.reason : reasonOf(turn, target);
  const { tracked, owner } = world.state.targets[target] ?? {};
  const steps = stepsOf(turn, wish);
  for (const step of steps) {
    const hands = createHands({ dryRun: true, home: options.home });
    const signal = AbortSignal.timeout(step.timeoutMs);
    const context = { target, reason, tracked, owner, asked: true, hands, signal, nowMs: wallMs(), home: options.home };
    const outcome = await (await options.action(step.action))?.run(step.options, context);
    lines.push(`${capital(sayStep(step))}:`, ...hands.planned.map((line) => `  ${line}`));
    if (hands.planned.length === 0) lines.push(...(outcome?.did ?? []).map((line) => `  ${line}`));
    if (outcome?.trouble !== undefined) lines.push(`  ${outcome.trouble.message} ${outcome.trouble.hint}`);
  }
  if (steps.length === 0) lines.push(plan.targets[target]?.because ?? 'Nothing may be done.');
  return { ok: true, text: `Nothing was changed. A recovery of ${target} would do this:`, lines };
}

/** Of the playbook that would be run; one that only reports has steps that no recovery begins with. */
function stepsOf(turn: Turn, { target, playbook }: Extract<Wish, { type: 'recover' }>): readonly Step[] {
  const plan = turn.plan.targets[target];
  if (plan === undefined) return [];
  const chosen = askedPlaybook(turn, target, troubleOf(turn, target).class, playbook)?.playbook;
  return (chosen ?? plan.playbooks[0])?.steps ?? [];
}

/** What is believed once the host was asked. In observe mode, so that nothing begins in the copy but what was wished. */
async function surveyed({ inbox, now }: RehearseOptions, plan: Plan, target: string): Promise<World> {
  const world = inbox.world();
  if (!canAct(plan.targets[target])) return world;
  const { tracked, owner } = world.state.targets[target] ?? {};
  const found = await surveyTarget(plan, target, { tracked, owner });
  return judge(inbox.world(), { type: 'surveyed', target, ...found }, { ...plan, mode: 'observe' }, now()).world;
}

function canAct(target: TargetPlan | undefined): boolean {
  return target !== undefined && target.playbooks.length + target.byHand.length > 0;
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
