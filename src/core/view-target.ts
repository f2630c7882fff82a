import { chosenPlaybook } from './choose.ts';
import type { TroubleClass } from './classify.ts';
import { attemptsThisHour } from './counted.ts';
import { doubtOf, levelsOf } from './doubt.ts';
import { patienceOf } from './ends.ts';
import { gate, nothingToDo } from './gate.ts';
import { beliefOf, reasonOf } from './health.ts';
import { holdsOf, isBringingUp, maintenanceOf, untilAt } from './holds.ts';
import { nameOwner } from './owner.ts';
import type { Playbook } from './plan.ts';
import { runningAttempt } from './running.ts';
import type { CheckView, Snapshot, TargetView, VerdictState } from './snapshot.ts';
import { troubleOf } from './trouble.ts';
import { checkOf, checksOf, incidentOf, looksOf, planOf, type Turn, targetOf, wallOf } from './turn.ts';
import type { CheckId, Status, TargetId } from './types.ts';
import { isBad } from './verdict.ts';
import { sayRecovery, viewRecovery, viewTry } from './view-recovery.ts';
import { sayStep } from './words.ts';

export function viewTarget(turn: Turn, id: TargetId): TargetView {
  const plan = planOf(turn, id);
  const target = targetOf(turn, id);
  const checks = checksOf(turn.plan, id).map((check) => viewCheck(turn, check));
  const state = stateOf(turn, id);
  const silence = turn.state.silences.find(
    (one) => (one.scope === 'all' || one.scope === id) && turn.now.steady < one.until.steady,
  );
  const { tracked } = target;
  const nothing = nothingToDo(turn, id);
  const recovery = viewRecovery(turn, id);
  const kind = troubleOf(turn, id).class;
  const would = nothing === undefined ? wouldBe(turn, id, kind) : undefined;
  return {
    id,
    kind: plan.kind,
    state,
    status: beliefOf(turn, id),
    soft: checks.some((check) => check.soft),
    detail: detailOf(turn, id, state, checks),
    since: target.since.at,
    replyMs: checks.map((check) => check.metrics['replyMs']).find((ms) => ms !== undefined),
    flapping: target.flappingSince !== undefined,
    silencedUntil: silence?.until.at,
    incident: target.incident,
    ...classOf(turn, id),
    parents: plan.parents,
    checks,
    process:
      tracked === undefined || !looksAlive(turn, id) ? undefined : { pid: tracked.pid, command: tracked.command },
    owner: target.owner === undefined ? plan.unit : nameOwner(target.owner),
    rulings: target.rulings,
    attempts: [...target.attempts].reverse().map((attempt, index) => ({
      id: attempt.id,
      playbook: attempt.playbook,
      at: attempt.started.at,
      endedAt: attempt.ended?.at,
      outcome: attempt.outcome,
      manual: attempt.manual,
      ...(attempt.incident === undefined ? {} : { incident: attempt.incident }),
      ...(index < TOLD_IN_FULL && attempt.steps.length > 0
        ? { class: attempt.class, because: attempt.because, steps: attempt.steps.map(viewTry) }
        : {}),
    })),
    limits: {
      attemptsLastHour: attemptsThisHour(turn, id),
      maxAttemptsPerHour: plan.policy.maxAttemptsPerHour,
      nextAttemptAt: nextAttemptAt(turn, id),
      ...budgetOf(turn, id),
    },
    mode: turn.plan.mode === 'observe' ? 'observe' : plan.mode,
    ...(recovery === undefined ? {} : { recovery }),
    ...(would === undefined ? {} : { playbook: would.playbook.name }),
    plan: would === undefined ? [] : planOfSteps(would.playbook, kind),
    because: nothing,
  };
}

/** Attempts whose every try is shown; of older ones the outcome is enough. */
const TOLD_IN_FULL = 3;

/** The playbook for the trouble there is; of what is well, or where none fits, the last one, which is the most general. */
function wouldBe(turn: Turn, id: TargetId, kind: TroubleClass): { readonly playbook: Playbook } | undefined {
  const last = planOf(turn, id).playbooks.at(-1);
  const chosen = incidentOf(turn, id) === undefined ? undefined : chosenPlaybook(turn, id, kind);
  return chosen ?? (last === undefined ? undefined : { playbook: last });
}

/** The steps that fit; of a playbook that has none for this class all, with their classes. */
function planOfSteps({ steps }: Playbook, kind: TroubleClass): readonly string[] {
  const fitting = steps.filter(({ when }) => when?.includes(kind) ?? true);
  return (fitting.length > 0 ? fitting : steps).map(sayStep);
}

function classOf(turn: Turn, id: TargetId): Pick<TargetView, 'class' | 'evidence'> {
  const incident = incidentOf(turn, id);
  return incident?.class === undefined ? {} : { class: incident.class, evidence: incident.because ?? [] };
}

function looksAlive(turn: Turn, id: TargetId): boolean {
  const look = turn.latest[`${id}:process`];
  return look === undefined || look.status === 'ok';
}

function nextAttemptAt(turn: Turn, id: TargetId): number | undefined {
  if (incidentOf(turn, id) === undefined || runningAttempt(turn, id) !== undefined) return undefined;
  const answer = gate(turn, id, reasonOf(turn, id));
  return answer.go ? undefined : answer.until;
}

function budgetOf(turn: Turn, id: TargetId): Pick<TargetView['limits'], 'uncleanEnds'> {
  const { uncleanEnds: policy } = planOf(turn, id).policy;
  if (policy === undefined) return {};
  const { most, windowMs } = policy;
  const seen = targetOf(turn, id).uncleanEnds.filter(({ at }) => turn.now.steady - at < windowMs).length;
  const isAlive = targetOf(turn, id).tracked !== undefined && looksAlive(turn, id);
  const why = incidentOf(turn, id) !== undefined || isAlive ? reasonOf(turn, id) : 'absent';
  const until = patienceOf(turn, id, why);
  return { uncleanEnds: { seen, most, windowMs, ...(until === undefined ? {} : { until: wallOf(turn.now, until) }) } };
}

function viewCheck(turn: Turn, id: CheckId): CheckView {
  const plan = turn.plan.checks[id];
  const look = turn.latest[id];
  const check = checkOf(turn, id);
  const troubled = look !== undefined && (isBad(look.status) || look.status === 'unknown');
  const soft = troubled && !isBad(check.belief) && check.belief !== 'unknown';
  // What was well before this daemon has looked is not known to be so now.
  const unseen = look === undefined && check.belief === 'ok';
  const known = soft || check.belief === 'idle' ? look?.status : undefined;
  const status: Status = unseen ? 'idle' : (known ?? check.belief);
  const levels = levelsOf(plan?.options);
  return {
    id,
    name: plan?.name ?? '',
    status,
    soft,
    strikes: check.strikes,
    threshold: plan?.failureThreshold ?? 0,
    reason: look?.reason,
    message: look?.message ?? (unseen ? '' : check.message),
    at: look?.at,
    tookMs: look?.tookMs,
    everyMs: plan?.everyMs ?? 0,
    ...(soft && plan !== undefined ? { doubt: doubtOf(check, plan) } : {}),
    ...(levels === undefined ? {} : { levels }),
    metrics: look?.metrics ?? {},
  };
}

/** DASHBOARD §7, the worst that applies. */
function stateOf(turn: Turn, id: TargetId): VerdictState {
  const { bringUp } = targetOf(turn, id);
  const incident = incidentOf(turn, id);
  if (incident !== undefined) {
    if (runningAttempt(turn, id) !== undefined) return 'recovering';
    if (maintenanceOf(turn, id) !== undefined) return 'maintenance';
    if (incident.ack !== undefined) return 'acknowledged';
    if (beliefOf(turn, id) === 'unknown') return 'unknown';
    return incident.severity === 'critical' ? 'down' : 'slow';
  }
  if (maintenanceOf(turn, id) !== undefined) return 'maintenance';
  const looks = looksOf(turn, id);
  if (looks.length === 0) return 'first-run';
  if (targetOf(turn, id).starting !== undefined || (isBringingUp(bringUp) && bringUp.tries > 0)) return 'recovering';
  if (looks.every((look) => look.status === 'idle')) return 'unknown';
  if (
    looks.some((look) => look.status === 'unknown') &&
    looks.every((look) => look.status === 'unknown' || look.status === 'idle')
  )
    return 'unknown';
  return looks.some((look) => isBad(look.status)) && beliefOf(turn, id) !== 'ok' ? 'first-run' : 'working';
}

/** The list's words: what is wrong first, else what the most telling check says. */
function detailOf(turn: Turn, id: TargetId, state: VerdictState, checks: readonly CheckView[]): string {
  const held = holdsOf(turn, id)[0];
  if (state === 'maintenance' && held !== undefined) return held.text;
  const { starting, attempts } = targetOf(turn, id);
  const running = runningAttempt(turn, id);
  if (running !== undefined) {
    const nth = attempts.filter((one) => one.incident === running.incident).length;
    const view = running.phase === 'waiting' ? viewRecovery(turn, id) : undefined;
    return `recovering, attempt ${nth}${view === undefined ? '' : `: ${sayRecovery(view)}`}`;
  }
  if (starting !== undefined) return 'starting';
  const bad =
    checks.find((check) => isBad(check.status) && !check.soft) ??
    checks.find((check) => isBad(check.status) || check.status === 'unknown');
  if (bad !== undefined) return bad.doubt === undefined ? bad.message : `${bad.message} (${bad.doubt})`;
  const telling =
    checks.find((check) => check.name !== 'process' && check.status === 'ok') ??
    checks.find((check) => check.status === 'ok') ??
    checks[0];
  return telling?.message ?? '';
}

/** Everything that gates recovery now, a person's holds as well as the host's own. */
export function viewHolds(turn: Turn): Snapshot['holds'] {
  const maintenance = turn.state.maintenance
    .filter((hold) => turn.now.steady < hold.until.steady)
    .map((hold) => ({
      scope: hold.scope,
      kind: 'maintenance',
      reason: `${hold.reason} (${hold.by})`,
      until: hold.until.at as number | undefined,
    }));
  const others = Object.keys(turn.plan.targets).flatMap((id) =>
    holdsOf(turn, id)
      .filter((hold) => hold.kind !== 'maintenance' && hold.kind !== 'quiet')
      .map((hold) => ({ scope: id, kind: hold.kind, reason: hold.text, until: untilAt(turn, hold) })),
  );
  const { quietUntil, quietBecause } = turn.state.host;
  const quiet =
    quietUntil !== undefined && turn.now.steady < quietUntil
      ? [{ scope: 'all', kind: 'quiet', reason: quietBecause ?? '', until: turn.now.at + quietUntil - turn.now.steady }]
      : [];
  return [...maintenance, ...quiet, ...others];
}
