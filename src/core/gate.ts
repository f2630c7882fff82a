import { askedPlaybook, type Chosen, chosenPlaybook } from './choose.ts';
import type { Classified } from './classify.ts';
import { patienceOf } from './ends.ts';
import { beliefOf, isSeen, mayBeThere } from './health.ts';
import { doubtfulParent, type Hold, holdsOf, untilAt } from './holds.ts';
import { DAMAGED, isDamaged, neverFor } from './left-alone.ts';
import { mayStart } from './limits.ts';
import { playbookNamed } from './plan.ts';
import { isRefused } from './refused.ts';
import type { Attempt } from './state.ts';
import { troubleOf } from './trouble.ts';
import { incidentOf, planOf, type Turn, targetOf, wallOf } from './turn.ts';
import type { Reason, TargetId } from './types.ts';
import { saySteps } from './words.ts';

/** Whether a recovery may be run now, with the reason a person is shown. `until` is wall time. */
export type Gate =
  | ({ readonly go: true; readonly classified: Classified } & Chosen)
  | {
      readonly go: false;
      readonly kind: GateKind;
      readonly code: string;
      readonly text: string;
      readonly until?: number;
    };

/** `never`: no time will change it. `exhausted`: the limits are used up, a person should know. */
export type GateKind = 'never' | 'hold' | 'wait' | 'exhausted';

/** Reasons that are acted upon without being asked for in `recoverOn`. */
const RECOVERABLE: readonly Reason[] = ['gone', 'absent', 'refused', 'silent', 'over-limit'];

/** `playbook`: a person has named the one that is to be run. */
export type GateAsker = { readonly manual: boolean; readonly force: boolean; readonly playbook?: string | undefined };
const BY_ITSELF: GateAsker = { manual: false, force: false };

/** Every rule that stands between a bad verdict and an attempt, in the order in which a person would ask. */
export function gate(turn: Turn, target: TargetId, reason: Reason, asker: GateAsker = BY_ITSELF): Gate {
  return (
    mayEver(turn, target, reason, asker) ??
    ending(turn) ??
    heldBack(turn, target, asker) ??
    patient(turn, target, reason, asker) ??
    limited(turn, target, asker) ??
    unsure(turn, target, asker) ??
    chosen(turn, target, reason, asker)
  );
}

function mayEver(turn: Turn, target: TargetId, reason: Reason, asker: GateAsker): Gate | undefined {
  const plan = planOf(turn, target);
  const never = (code: string, text: string): Gate => ({ go: false, kind: 'never', code, text });
  const named = asker.playbook === undefined ? undefined : playbookNamed(plan, asker.playbook);
  const isByHand = named !== undefined && !plan.playbooks.includes(named);
  const nothing = isByHand ? undefined : nothingToDo(turn, target);
  if (nothing !== undefined) return never('nothing-may-be-done', nothing);
  if (!(named === undefined ? plan.playbooks : [named]).some(({ steps }) => steps.some((step) => step.recovers)))
    return never('informs-only', 'its playbook only reports; a person decides');
  if (turn.plan.mode === 'observe' || plan.mode === 'observe') return never('observe', observing(turn, target, reason));
  // Never by force either: this is about who it is, not about how often.
  if (mayBeThere(turn, target)?.isSeen === true)
    return never(
      'unmatched',
      'its address answers, but no process matches its config; a start would make a second one',
    );
  if (asker.manual) return undefined;
  if (beliefOf(turn, target) === 'unknown') return never('cannot-look', 'what could not be seen is not repaired');
  if (reason === 'unstable')
    return never('left-to-others', 'something else starts it again and again, and two would fight');
  const forNever = neverFor(reason);
  if (forNever !== undefined) return never(reason, forNever);
  if (!RECOVERABLE.includes(reason) && !plan.policy.recoverOn.includes(reason)) {
    return never('not-recovered-on', `"${reason}" is not in its policy.recoverOn, so it is told and not acted upon`);
  }
  if (isDamaged(turn, target, reason)) return { go: false, kind: 'exhausted', code: 'data-corruption', text: DAMAGED };
  if (isRefused(turn, target)) {
    return {
      go: false,
      kind: 'exhausted',
      code: 'refused-configuration',
      text: 'it refused its configuration; not tried again until the config changes',
    };
  }
  return undefined;
}

/** Why nothing could be done about it whatever happens, or `undefined` when something could. */
export function nothingToDo(turn: Turn, target: TargetId): string | undefined {
  const { playbooks, because, needsOwner } = planOf(turn, target);
  const isKnown = needsOwner !== true || targetOf(turn, target).owner !== undefined;
  return playbooks.length > 0 && isKnown ? undefined : (because ?? 'nothing is configured that could be done');
}

function ending(turn: Turn): Gate | undefined {
  return turn.stopping === true
    ? { go: false, kind: 'wait', code: 'stopping', text: 'the daemon is stopping' }
    : undefined;
}

function observing(turn: Turn, target: TargetId, reason: Reason): string {
  const chosen = chosenPlaybook(turn, target, troubleOf(turn, target, reason).class);
  return `observing only: it would ${chosen === undefined ? 'do nothing' : saySteps(chosen.playbook)}`;
}

function heldBack(turn: Turn, target: TargetId, asker: GateAsker): Gate | undefined {
  // A person may pass maintenance by force, but nobody passes work that is under way in the service's own folder.
  const hold = holdsOf(turn, target).find((one) => !(asker.manual && passes(one, asker.force)));
  if (hold === undefined) return undefined;
  const until = untilAt(turn, hold);
  return {
    go: false,
    kind: 'hold',
    code: `hold-${hold.kind}`,
    text: hold.text,
    ...(until === undefined ? {} : { until }),
  };
}

function passes(hold: Hold, force: boolean): boolean {
  return hold.byForce === true ? force : hold.kind !== 'work';
}

function limited(turn: Turn, target: TargetId, asker: GateAsker): Gate | undefined {
  if (asker.force) return undefined;
  const { policy } = planOf(turn, target);
  const { attempts, forgottenAt } = targetOf(turn, target);
  const permission = mayStart(
    {
      attempts,
      forgottenAt,
      host: turn.state.host,
      policy,
      limits: turn.plan.limits,
      failed: incidentOf(turn, target)?.gaveUp === true,
      manual: asker.manual,
      running: runningAttempts(turn),
    },
    turn.now.steady,
  );
  if (permission.ok) return undefined;
  const until = permission.until === undefined ? {} : { until: wallOf(turn.now, permission.until) };
  const kind = permission.code === 'exhausted' || permission.code === 'trial' ? 'exhausted' : 'wait';
  return {
    go: false,
    kind,
    code: `limit-${permission.code}`,
    text: limitText(turn, target, permission.code),
    ...until,
  };
}

function limitText(
  turn: Turn,
  target: TargetId,
  code: 'cooldown' | 'exhausted' | 'trial' | 'breaker' | 'busy',
): string {
  const { policy } = planOf(turn, target);
  const { limits } = turn.plan;
  switch (code) {
    case 'cooldown':
      return `the last attempt is less than ${minutes(policy.cooldownMs)} ago`;
    case 'exhausted':
      return `${policy.maxAttemptsPerHour} attempts within the hour are used up`;
    case 'trial':
      return 'recovery has failed; one trial an hour from now on';
    case 'breaker':
      return `${limits.hostAttempts} attempts on this host within ${minutes(limits.hostWindowMs)}: something bigger is wrong, all recovery rests`;
    case 'busy':
      return `${limits.maxConcurrent} recoveries are running already`;
  }
}

/** The budget of unclean ends, whoever caused them (DESIGN §5.8). */
function patient(turn: Turn, target: TargetId, reason: Reason, asker: GateAsker): Gate | undefined {
  const until = asker.force ? undefined : patienceOf(turn, target, reason);
  if (until === undefined) return undefined;
  return { go: false, kind: 'wait', code: LEFT_IN_PEACE, text: PATIENCE, until: wallOf(turn.now, until) };
}

/** The code of a wait that a person should know of, as of attempts that are used up; it ends by itself. */
export const LEFT_IN_PEACE = 'left-in-peace';
export const PATIENCE =
  'it has ended uncleanly too often, whoever caused it, and once more could harm it: it is left in peace';

function minutes(ms: number): string {
  return ms < 60_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`;
}

function runningAttempts(turn: Turn): number {
  return Object.values(turn.state.targets).filter(
    (target) => target.attempts.at(-1)?.phase !== 'ended' && target.attempts.length > 0,
  ).length;
}

/** The code of a wait for a look that has to be asked for. */
export const LOOK_AGAIN = 'look-again';

/** Only what is seen to be so now is acted upon, and a child only when it is known how its parents are. */
function unsure(turn: Turn, target: TargetId, asker: GateAsker): Gate | undefined {
  if (asker.manual) return undefined;
  const wait = (code: string, text: string): Gate => ({ go: false, kind: 'wait', code, text });
  const seen = isSeen(turn, target);
  if (seen === 'no') return wait('look-first', 'the last look did not see the trouble; the next one decides');
  if (seen === 'long-ago')
    return wait(LOOK_AGAIN, 'the last look is old; it is looked at once more before anything is done');
  if (mayBeThere(turn, target) !== undefined)
    return wait('may-be-there', 'no process matches, and it is not certain that nothing is at its address');
  const parent = doubtfulParent(turn, target);
  return parent === undefined ? undefined : wait('parent-in-doubt', `${parent} has failed looks too and comes first`);
}

/** Others are at it, and say for how long: that is waited for. Everything else ends a recovery under way. */
const BRIEF: readonly string[] = ['hold-owner', 'hold-starting'];

/** Why the next step of a recovery under way may not be run any more: a hold has begun, or it shall only observe. */
export function forbidsNextStep(
  turn: Turn,
  target: TargetId,
  attempt: Attempt,
): { readonly text: string; readonly isBrief: boolean } | undefined {
  const { manual, reason, forced } = attempt;
  const plan = planOf(turn, target);
  if (turn.plan.mode === 'observe' || plan.mode === 'observe')
    return { text: observing(turn, target, reason), isBrief: false };
  const asker = { manual, force: forced };
  const held = heldBack(turn, target, asker) ?? patient(turn, target, reason, asker);
  return held === undefined || held.go ? undefined : { text: held.text, isBrief: BRIEF.includes(held.code) };
}

function chosen(turn: Turn, target: TargetId, reason: Reason, asker: GateAsker): Gate {
  const classified = troubleOf(turn, target, reason);
  const found = asker.manual
    ? askedPlaybook(turn, target, classified.class, asker.playbook)
    : chosenPlaybook(turn, target, classified.class);
  return found === undefined
    ? {
        go: false,
        kind: 'never',
        code: 'no-step',
        text: `its playbooks have no step for the class "${classified.class}"`,
      }
    : { go: true, classified, ...found };
}
