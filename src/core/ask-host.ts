import { isOfOwner } from './holds.ts';
import { type Effect, incidentOf, setTarget, type Turn, targetOf } from './turn.ts';
import type { TargetId } from './types.ts';

/**
 * Asks the host, right before acting, whether work under way or a person's wish forbids it. The answer is good for a
 * moment only, and for no trouble that began after the question: who stopped it was not known then.
 */
const SURVEY_GOOD_FOR_MS = 5_000;
const SURVEY_AGAIN_AFTER_MS = 10_000;

export function isSurveyed(turn: Turn, target: TargetId): boolean {
  const { survey, hostHolds } = targetOf(turn, target);
  const { steady } = turn.now;
  const answeredAt = survey?.answeredAt?.steady;
  // An owner that was to act by now is asked what came of it, however short its delay was.
  const isOver = hostHolds.some((hold) => isOfOwner(hold) && steady >= hold.cap && (answeredAt ?? 0) < hold.cap);
  const isOlder = (survey?.askedAt.steady ?? 0) < (incidentOf(turn, target)?.started.steady ?? 0);
  if (answeredAt !== undefined && steady - answeredAt < SURVEY_GOOD_FOR_MS && !isOver && !isOlder) return true;
  const waiting =
    survey !== undefined && survey.answeredAt === undefined && steady - survey.askedAt.steady < SURVEY_AGAIN_AFTER_MS;
  if (waiting) return false;
  setTarget(turn, target, { survey: { askedAt: turn.now, answeredAt: undefined } });
  turn.effects.push(surveyOf(turn, target));
  return false;
}

/**
 * What has to wait for a limit is asked about once as well: what a person has stopped is promised no attempt. False as
 * long as the answer is to come.
 */
export function isAsked(turn: Turn, target: TargetId): boolean {
  const { survey } = targetOf(turn, target);
  const began = incidentOf(turn, target)?.started.steady ?? 0;
  if (survey === undefined || survey.askedAt.steady < began) {
    setTarget(turn, target, { survey: { askedAt: turn.now, answeredAt: undefined } });
    turn.effects.push(surveyOf(turn, target));
    return false;
  }
  return survey.answeredAt !== undefined || turn.now.steady - survey.askedAt.steady >= SURVEY_AGAIN_AFTER_MS;
}

/** Work seen on the host is looked at again while it holds something back. */
export function surveyAgain(turn: Turn, target: TargetId): void {
  const { survey, hostHolds } = targetOf(turn, target);
  if (hostHolds.length === 0 || survey === undefined) return;
  const last = survey.answeredAt ?? survey.askedAt;
  if (turn.now.steady - last.steady < SURVEY_AGAIN_AFTER_MS) return;
  setTarget(turn, target, { survey: { askedAt: turn.now, answeredAt: undefined } });
  turn.effects.push(surveyOf(turn, target));
}

function surveyOf(turn: Turn, target: TargetId): Effect {
  const { tracked, owner } = targetOf(turn, target);
  const logBytes = turn.latest[`${target}:process`]?.metrics['logBytes'];
  return { type: 'survey', target, tracked, owner, logBytes };
}
