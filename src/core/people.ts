import { startAttempt } from './attempts.ts';
import { clockTime } from './clock-time.ts';
import { endAttempt } from './end-attempt.ts';
import type { Wish } from './events.ts';
import { gate } from './gate.ts';
import { isWorking, reasonOf } from './health.ts';
import { isBringingUp } from './holds.ts';
import { note } from './incident.ts';
import { playbookNamed } from './plan.ts';
import { runningAttempt } from './running.ts';
import { audit, rule, setIncident, type Turn, targetOf, wallOf } from './turn.ts';
import type { TargetId, Trouble } from './types.ts';
import { sayPlaybook } from './words.ts';

type Reply = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly trouble: Trouble };

/** What a person asks is answered with a yes or a reason, and written down with who asked. */
export function grant(turn: Turn, wish: Wish, by: string): Reply {
  switch (wish.type) {
    case 'recover':
      return recover(turn, wish.target, wish.playbook, wish.force, by);
    case 'hold':
      return hold(turn, wish, by);
    case 'release':
      return release(turn, wish.scope, by);
    case 'silence':
      return silence(turn, wish.scope, wish.forMs, by);
    case 'unsilence':
      return unsilence(turn, wish.scope, by);
    case 'ack':
      return acknowledge(turn, wish.incident, by);
    case 'stop-incident':
      return stopIncident(turn, wish.incident, by);
  }
}

function no(code: string, message: string, hint: string): Reply {
  return { ok: false, trouble: { code, message, hint } };
}

function unknownTarget(turn: Turn, scope: string): Reply | undefined {
  if (scope === 'all' || turn.plan.targets[scope] !== undefined) return undefined;
  return no(
    'TARGET_UNKNOWN',
    `There is no target "${scope}".`,
    `Known targets: ${Object.keys(turn.plan.targets).join(', ')}.`,
  );
}

function recover(turn: Turn, target: TargetId, playbook: string | undefined, force: boolean, by: string): Reply {
  const plan = turn.plan.targets[target];
  if (plan === undefined)
    return unknownTarget(turn, target) ?? no('TARGET_UNKNOWN', `"${target}" is not one target.`, 'Name one target.');
  if (playbook !== undefined && playbookNamed(plan, playbook) === undefined) {
    const names = [...plan.playbooks, ...plan.byHand].map(({ name }) => name);
    const theirs = names.length === 0 ? 'It has none.' : `Its playbooks: ${names.join(', ')}.`;
    return no('USAGE', `${target} has no playbook "${playbook}".`, theirs);
  }
  if (runningAttempt(turn, target) !== undefined || isBringingUp(targetOf(turn, target).bringUp)) {
    return no('TRY_LATER', `A recovery of ${target} is running already.`, 'Watch it: jarvis-health status --watch');
  }
  const isWell = isWorking(turn, target);
  if (isWell && !force) {
    const anyway = `--force ${plan.kind === 'service' ? 'restarts it' : 'does it'} anyway: jarvis-health recover ${target} --force`;
    return no('NOT_NEEDED', `${target} is working; nothing to recover.`, anyway);
  }
  const answer = gate(turn, target, reasonOf(turn, target), { manual: true, force, playbook });
  if (!answer.go) {
    const until = answer.until === undefined ? '' : ` (until ${clockTime(answer.until)})`;
    const code = answer.kind === 'never' ? 'NOT_PERMITTED' : 'TRY_LATER';
    const hint =
      answer.kind === 'never'
        ? `See: jarvis-health explain ${target}`
        : 'Wait, or use --force where a limit or maintenance is in the way.';
    return no(code, `${target} is not recovered now: ${answer.text}${until}.`, hint);
  }
  const why = { reason: reasonOf(turn, target), classified: answer.classified };
  startAttempt(turn, target, answer, why, { by, force });
  const text = isWell ? `${target} is working, and a recovery is run anyway` : `Recovery of ${target} has started`;
  return { ok: true, text: `${text}: ${sayPlaybook(answer.playbook.name)}.` };
}

function hold(turn: Turn, wish: Extract<Wish, { type: 'hold' }>, by: string): Reply {
  const unknown = unknownTarget(turn, wish.scope);
  if (unknown !== undefined) return unknown;
  const until = later(turn, wish.forMs);
  const others = turn.state.maintenance.filter((one) => one.scope !== wish.scope);
  const entry = { scope: wish.scope, until, reason: wish.reason, by, silent: wish.silent };
  turn.state = { ...turn.state, maintenance: [...others, entry] };
  return written(
    turn,
    wish.scope,
    'hold',
    `Held until ${clockTime(until.at)}: ${wish.reason}${wish.silent ? ' (silent)' : ''}`,
    by,
  );
}

function release(turn: Turn, scope: string, by: string): Reply {
  const unknown = unknownTarget(turn, scope);
  if (unknown !== undefined) return unknown;
  const left = turn.state.maintenance.filter((one) => one.scope !== scope);
  if (left.length === turn.state.maintenance.length) {
    const all = scope !== 'all' && left.some((one) => one.scope === 'all' && turn.now.steady < one.until.steady);
    if (all)
      return no(
        'TRY_LATER',
        `${scope} is held with all others, not by itself.`,
        'Release all: jarvis-health release all',
      );
    return { ok: true, text: `Nothing held ${scope}.` };
  }
  turn.state = { ...turn.state, maintenance: left };
  return written(turn, scope, 'release', 'Released', by);
}

function silence(turn: Turn, scope: string, forMs: number, by: string): Reply {
  const unknown = unknownTarget(turn, scope);
  if (unknown !== undefined) return unknown;
  const until = later(turn, forMs);
  const others = turn.state.silences.filter((one) => one.scope !== scope);
  turn.state = { ...turn.state, silences: [...others, { scope, until, by }] };
  return written(turn, scope, 'silence', `Silent until ${clockTime(until.at)}`, by);
}

function unsilence(turn: Turn, scope: string, by: string): Reply {
  const unknown = unknownTarget(turn, scope);
  if (unknown !== undefined) return unknown;
  const left = turn.state.silences.filter((one) => one.scope !== scope);
  if (left.length === turn.state.silences.length) return { ok: true, text: `${scope} was not silenced.` };
  turn.state = { ...turn.state, silences: left };
  return written(turn, scope, 'unsilence', 'No longer silent', by);
}

function acknowledge(turn: Turn, id: string, by: string): Reply {
  const incident = turn.state.incidents[id];
  if (incident === undefined)
    return no('INCIDENT_UNKNOWN', `There is no incident ${id}.`, 'See: jarvis-health incidents');
  if (incident.ended !== undefined) return { ok: true, text: `Incident ${id} is over already.` };
  setIncident(turn, id, { ack: incident.ack ?? turn.now });
  note(turn, incident.target, 'acknowledged', `Acknowledged by ${by}: no reminders`, undefined, by);
  return { ok: true, text: `Incident ${id} is acknowledged: no reminders. Checks and recovery go on.` };
}

function stopIncident(turn: Turn, id: string, by: string): Reply {
  const incident = turn.state.incidents[id];
  if (incident === undefined)
    return no('INCIDENT_UNKNOWN', `There is no incident ${id}.`, 'See: jarvis-health incidents');
  if (incident.ended !== undefined) return { ok: true, text: `Incident ${id} is over already.` };
  setIncident(turn, id, { stopped: incident.stopped ?? turn.now, personActed: true });
  note(turn, incident.target, 'stopped', `Recovery of this incident stopped by ${by}`, undefined, by);
  if (runningAttempt(turn, incident.target) !== undefined) endAttempt(turn, incident.target, 'stopped');
  return { ok: true, text: `Recovery of incident ${id} is stopped. It is still watched.` };
}

function later(turn: Turn, forMs: number): { at: number; steady: number } {
  const steady = turn.now.steady + forMs;
  return { steady, at: wallOf(turn.now, steady) };
}

function written(turn: Turn, scope: string, event: string, text: string, by: string): Reply {
  if (scope === 'all') audit(turn, { event, target: undefined, incident: undefined, text, by });
  else {
    note(turn, scope, event, text, undefined, by);
    rule(turn, scope, event, `${text} (${by})`);
  }
  return { ok: true, text: `${scope}: ${text}.` };
}
