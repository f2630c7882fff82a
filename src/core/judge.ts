import { countBadLook, tellBreaker } from './alerting.ts';
import { attemptStepped } from './attempts.ts';
import { boot, changePlan, resume } from './boot.ts';
import { bringUpStepped } from './bring-up.ts';
import { hearEnd, isRefusal, startEnded } from './ended.ts';
import { countEnd, countLost, isOfAnother } from './ends.ts';
import type { Event } from './events.ts';
import { countsStrikes, isBringingUp } from './holds.ts';
import { inContext } from './in-context.ts';
import { note } from './incident.ts';
import { noticeNeedless } from './incident-attempts.ts';
import { countLife } from './lives.ts';
import { payOwed } from './outbox.ts';
import { sameOwner } from './owner.ts';
import { grant } from './people.ts';
import type { Plan } from './plan.ts';
import { countGoodLook } from './proof.ts';
import { attemptAtWork, runningAttempt } from './running.ts';
import { isQuiet, settle } from './settle.ts';
import { beginAnew, beginStarting, stretchStarting } from './starting.ts';
import type { World } from './state.ts';
import { surveyed } from './surveyed.ts';
import {
  checkOf,
  checksOf,
  type Effect,
  followProcess,
  looksOf,
  planOf,
  setCheck,
  type Turn,
  targetOf,
} from './turn.ts';
import type { Now, ProcessIdentity, Result } from './types.ts';
import { fold, recheckAfter } from './verdict.ts';
import { noticeWell } from './well-from.ts';

/**
 * The only place where beliefs change: one event in, a new world and the wished effects out. Pure and total; the
 * effects may be performed only after `world.state` is on disk. The same `state` object comes back when nothing
 * that must be remembered has changed.
 */
export function judge(
  world: World,
  event: Event,
  plan: Plan,
  now: Now,
): { readonly world: World; readonly effects: readonly Effect[] } {
  const stopping = world.stopping === true || event.type === 'stopping';
  const turn: Turn = { state: world.state, latest: world.latest, plan, now, effects: [], stopping };
  hear(turn, event, world.plan);
  const told = event.type === 'booted' || event.type === 'plan-changed' ? plan : world.plan;
  const next = { state: turn.state, latest: turn.latest, stopping, ...(told === undefined ? {} : { plan: told }) };
  return { world: next, effects: turn.effects };
}

/** `before`: the plan until now. */
function hear(turn: Turn, event: Event, before: Plan | undefined): void {
  switch (event.type) {
    case 'booted':
      boot(turn, event.sinceBootMs);
      return everyTarget(turn);
    case 'plan-changed':
      changePlan(turn, before);
      return everyTarget(turn);
    case 'stopping':
      return;
    case 'ticked':
      return restlessTargets(turn);
    case 'upkeep':
      // The queue takes each id once.
      for (const alert of turn.state.outbox) turn.effects.push({ type: 'alert', alert });
      return;
    case 'resumed':
      return resume(turn, event.awayMs);
    case 'looked':
      return looked(turn, event.result);
    case 'surveyed':
      return surveyed(turn, event);
    case 'stepped':
      return stepped(turn, event);
    case 'exited':
      return exited(turn, event);
    case 'alert-queued':
      turn.state = { ...turn.state, outbox: turn.state.outbox.filter((alert) => alert.id !== event.id) };
      return;
    case 'asked': {
      const answer = grant(turn, event.wish, event.by);
      turn.effects.push({ type: 'answer', request: event.request, answer });
      return everyTarget(turn);
    }
  }
}

function everyTarget(turn: Turn): void {
  for (const target of Object.keys(turn.plan.targets)) settle(turn, target);
  tellBreaker(turn);
  payOwed(turn);
}

/** A second that passes can only matter where something is going on; most hosts are quiet most of the time. */
function restlessTargets(turn: Turn): void {
  for (const target of Object.keys(turn.plan.targets)) if (!isQuiet(turn, target)) settle(turn, target);
  tellBreaker(turn);
  payOwed(turn);
}

const SLEPT_MS = 30_000;

function looked(turn: Turn, seen: Result): void {
  const plan = turn.plan.checks[seen.check];
  const before = turn.latest[seen.check];
  // A look of a check that left the config, or one that was counted already, is no news.
  if (plan === undefined || (before !== undefined && seen.look <= before.look)) return;
  // It ended long ago and the host slept since: what timed out on the way to sleep says nothing.
  if (turn.now.steady - seen.steady - seen.tookMs > SLEPT_MS) return;
  countLost(turn, seen);
  track(turn, seen);
  beginAnew(turn, seen);
  const result = inContext(turn, withFigures(seen, before));
  turn.latest = { ...turn.latest, [result.check]: result };
  stretchStarting(turn, before, result);
  const was = checkOf(turn, result.check);
  const is = fold(was, result, plan, countsStrikes(turn, result.target), turn.now);
  setCheck(turn, result.check, is);
  const again = recheckAfter(was, is, result, plan);
  if (again !== undefined) turn.effects.push({ type: 'look', checks: [result.check], afterMs: again });
  countBadLook(turn, result);
  countGoodLook(turn, result);
  noticeNeedless(turn, result);
  noticeWell(turn, result);
  settle(turn, result.target);
}

/** Figures that are read only now and then (CPU, memory) stay shown between their readings. */
function withFigures(result: Result, before: Result | undefined): Result {
  if (result.metrics['cpuMs'] !== undefined)
    return { ...result, metrics: { ...result.metrics, readAt: result.steady } };
  if (before === undefined || Object.keys(result.metrics).length > 0) return result;
  const { logBytes } = before.metrics;
  // Where its log stood while it lived: what stands behind that are its last words.
  if (result.reason === 'gone' && logBytes !== undefined) return { ...result, metrics: { logBytes } };
  if (result.status !== 'ok') return result;
  return { ...result, metrics: before.metrics };
}

function same(a: ProcessIdentity, b: ProcessIdentity | undefined): boolean {
  return a.pid === b?.pid && a.startToken === b.startToken;
}

/** Remembers who the service is now. A young new process is starting, whoever started it. */
function track(turn: Turn, result: Result): void {
  if (result.process === undefined) {
    // Something answers and nobody knows yet who: look for the process at once, it is how a death is seen in time.
    const { tracked } = targetOf(turn, result.target);
    const hadNone =
      result.status === 'ok' && tracked === undefined && turn.plan.targets[result.target]?.kind === 'service';
    if (hadNone && !result.check.endsWith(':process'))
      turn.effects.push({ type: 'look', checks: [`${result.target}:process`], afterMs: 0 });
    return;
  }
  const { tracked, starting, bringUp } = targetOf(turn, result.target);
  if (same(result.process, tracked)) {
    if (tracked?.proven !== result.process.proven || !sameOwner(tracked?.owner, result.process.owner))
      followProcess(turn, result.target, result.process);
    return;
  }
  // The next look knows who it is by now, and whether that one lives.
  if (tracked !== undefined && isOfAnother(result, tracked))
    return void turn.effects.push({ type: 'look', checks: [result.check], afterMs: 0 });
  if (tracked !== undefined && turn.latest[result.check] !== undefined) countEnd(turn, result.target, tracked);
  followProcess(turn, result.target, result.process);
  const ageMs = result.metrics['ageMs'];
  if (ageMs === undefined) return;
  const isOurDoing = attemptAtWork(turn, result.target) !== undefined || isBringingUp(bringUp);
  if (!isOurDoing) countLife(turn, result.target, ageMs);
  const isYoung = ageMs < planOf(turn, result.target).policy.startGraceMs;
  // What somebody started has its whole grace, also when an earlier start was still under way.
  if (isYoung && (starting === undefined || !isOurDoing)) beginStarting(turn, result.target, ageMs);
}

function stepped(turn: Turn, event: Extract<Event, { type: 'stepped' }>): void {
  const { target, purpose, outcome } = event;
  if (turn.plan.targets[target] === undefined) return;
  if (outcome.exitCode !== undefined) {
    const end = { exitCode: outcome.exitCode, signal: undefined, lastLines: outcome.lastLines ?? [] };
    if (end.exitCode !== 0 && !isRefusal(end)) countEnd(turn, target);
    startEnded(turn, target, end);
  }
  switch (purpose.kind) {
    case 'attempt': {
      const attempt = runningAttempt(turn, target);
      if (attempt?.id === purpose.attempt && attempt.phase === 'acting') attemptStepped(turn, target, attempt, outcome);
      break;
    }
    case 'bring-up':
      bringUpStepped(turn, target, outcome);
      break;
    case 'inform':
      for (const line of outcome.did) note(turn, target, 'report', line);
      break;
  }
  turn.effects.push({ type: 'look', checks: checksOf(turn.plan, target), afterMs: 0 });
  settle(turn, target);
}

function exited(turn: Turn, event: Extract<Event, { type: 'exited' }>): void {
  if (turn.plan.targets[event.target] === undefined) return;
  hearEnd(turn, event.target, event);
  const check = `${event.target}:process`;
  if (turn.plan.checks[check] !== undefined && looksOf(turn, event.target).length > 0) {
    turn.effects.push({ type: 'look', checks: [check], afterMs: 0 });
  }
}
