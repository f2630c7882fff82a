import { capital } from './capital.ts';
import { sayExit } from './classify.ts';
import { clockTime } from './clock-time.ts';
import { doThis } from './do-this.ts';
import { gate } from './gate.ts';
import { reasonOf } from './health.ts';
import { titleOf } from './incident.ts';
import type { Alert, Incident } from './state.ts';
import { startOfStopped } from './stopped.ts';
import { exitWithin } from './trouble.ts';
import { looksOf, type Turn, targetOf } from './turn.ts';
import type { TargetId } from './types.ts';
import { sayDuration } from './units.ts';
import { type RecoveryView, sayRecovery, viewRecovery } from './view-recovery.ts';
import { sayOutcome, sayPlaybook, saySteps } from './words.ts';

/** What, since when, the evidence, what was tried, what happens next, what a person can do (DESIGN §6). */
export function alertText(
  turn: Turn,
  target: TargetId,
  incident: Incident,
  kind: Alert['kind'],
): Omit<Alert, 'id' | 'kind'> {
  const looks = looksOf(turn, target);
  const evidence = kind === 'resolved' ? looks.map((look) => look.message) : evidenceOf(turn, target, incident);
  const attempts = targetOf(turn, target).attempts.filter((attempt) => attempt.incident === incident.id);
  const tried = attempts.map(
    (attempt) =>
      `${clockTime(attempt.started.at, true)} ${sayPlaybook(attempt.playbook)}: ${sayOutcome(attempt.outcome)}${attempt.trouble === undefined ? '' : `. ${attempt.trouble}`}`,
  );
  const next = kind === 'resolved' ? 'Nothing more; it is watched as before.' : nextOf(turn, target, incident);
  const lasted = sayDuration(
    (kind === 'resolved' ? (incident.ended ?? turn.now).at : turn.now.at) - incident.started.at,
  );
  const title = titleFor(incident, kind);
  const since = kind === 'resolved' ? `It lasted ${lasted}.` : `Since ${clockTime(incident.started.at)} (${lasted}).`;
  const affected = kind === 'resolved' ? [] : childrenOf(turn, target);
  const also = affected.length === 0 ? '' : `Also affected: ${affected.join(', ')}.`;
  // A look only sees that nothing answers; why it could not be started is what a person can do something about.
  const hindered = kind === 'resolved' ? '' : (attempts.at(-1)?.trouble ?? '');
  const named = kind === 'resolved' || incident.title === titleOf(target, incident.reason) ? '' : becauseOf(incident);
  const body = [title, since, also, evidence[0] ?? '', hindered, named, next]
    .map(sentence)
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim();
  return {
    key: target,
    severity: incident.severity,
    target,
    incident: incident.id,
    title,
    body,
    since: incident.started.at,
    createdAt: turn.now.at,
    evidence,
    tried,
    next,
    doThis: kind === 'resolved' ? '' : doThis(turn, target, incident),
  };
}

/** What the class is known by; the last of it says most. */
function becauseOf({ because = [] }: Incident): string {
  return because.at(-1) ?? '';
}

function sentence(text: string): string {
  return text === '' || /[.!?\u2026]$/.test(text) ? text : `${text}.`;
}

function titleFor(incident: Incident, kind: Alert['kind']): string {
  switch (kind) {
    case 'opened':
      return incident.title;
    case 'escalated':
      return `${incident.title}, and it got worse`;
    case 'failed':
      return `${incident.title}, and recovery has failed`;
    case 'reminder':
      return `${incident.title}, still`;
    case 'resolved':
      return `${incident.target} is well again`;
  }
}

function evidenceOf(turn: Turn, target: TargetId, incident: Incident): readonly string[] {
  const lastExit = exitWithin(turn, target, incident.started);
  const now = looksOf(turn, target).filter((look) => look.status !== 'ok' && look.status !== 'idle');
  const memory = lastExit?.outOfMemory === undefined ? [] : [lastExit.outOfMemory];
  const exit = lastExit === undefined ? [] : [sayExit(lastExit), ...memory, ...lastExit.lastLines];
  const reports = incident.steps.filter((step) => step.kind === 'report').map((step) => step.text);
  const seen = now.length > 0 ? now.map((look) => look.message) : incident.evidence;
  return [...new Set([...seen, ...exit, ...reports])];
}

/** What happens next, in the words that `explain` and `status` use too. It is read later as well, so it has no countdown. */
export function nextOf(turn: Turn, target: TargetId, incident: Incident): string {
  const recovery = viewRecovery(turn, target);
  if (recovery !== undefined) return `A recovery is running: ${sayRecovery(recovery)}${byWhen(recovery)}.`;
  const answer = gate(turn, target, reasonOf(turn, target));
  if (answer.go) return `Next: ${saySteps(answer.playbook)}.`;
  const text = capital(answer.text);
  const start = answer.code === 'hold-person' ? startOfStopped(turn, target) : undefined;
  if (start !== undefined) return `${text}. It is left so until you start it: ${start}`;
  if (answer.until === undefined) return incident.gaveUp ? `${text}. It needs a person.` : `${text}.`;
  return `${text}; next attempt at ${clockTime(answer.until, true)}.`;
}

function byWhen({ until, phase }: RecoveryView): string {
  if (until === undefined) return '';
  return phase === 'waiting' ? `, at ${clockTime(until, true)}` : `, at most until ${clockTime(until, true)}`;
}

function childrenOf(turn: Turn, target: TargetId): readonly string[] {
  return Object.values(turn.plan.targets)
    .filter((plan) => plan.parents.includes(target) && turn.state.targets[plan.id]?.incident !== undefined)
    .map((plan) => plan.id);
}
