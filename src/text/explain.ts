import { meaningOf } from '../core/classify/meaning.ts';
import type { Snapshot, TargetView } from '../core/snapshot.ts';
import { sayDuration, sayPercent, saySize } from '../core/units.ts';
import { sayOutcome, sayPlaybook } from '../core/words.ts';
import { block, say, sayOnce } from './lines.ts';
import { type Paper, paint } from './paper.ts';
import { fullTime, shortTime, since } from './time.ts';
import { checkWord, count, mayAskNow, paintOf, signOf, stateOfStatus, stateWord } from './words.ts';

/** Why `target` is judged so, with evidence and times, and why something was or was not done. `past`: nobody watches any more. */
export function renderExplanation(snapshot: Snapshot, target: TargetView, paper: Paper, past = false): string {
  const lines = [
    ...say(
      past
        ? `${signOf('unknown', paper)} ${target.id}: was ${stateWord(target.state, target.kind)} at ${shortTime(snapshot.writtenAt, paper.nowMs)}`
        : `${signOf(target.state, paper)} ${target.id}: ${stateWord(target.state, target.kind)} for ${since(target.since, paper.nowMs)}`,
      0,
      paper,
      past ? 'faint' : paintOf(target.state),
    ),
    ...(target.detail === '' ? [] : say(target.detail, 2, paper)),
    ...block('Class of its trouble', classLines(target, paper), paper),
    ...block(
      'Judged so because',
      target.checks.flatMap((check) => evidence(check, target, past, paper)),
      paper,
    ),
    ...block('What was decided, newest first', rulings(target, paper), paper),
    ...block('Recovery', recovery(snapshot, target, past, paper), paper),
    ...(target.recovery === undefined || past
      ? []
      : block('Recovery under way', underWay(target.recovery, paper), paper)),
    ...block('Attempts', attempts(snapshot, target, paper), paper),
  ];
  return `${lines.join('\n')}\n`;
}

function evidence(check: TargetView['checks'][number], target: TargetView, past: boolean, paper: Paper): string[] {
  const state = past ? 'unknown' : stateOfStatus(check.status);
  const looked =
    check.at === undefined
      ? 'not looked yet'
      : `looked ${fullTime(check.at, paper.nowMs)}, took ${check.tookMs ?? 0} ms`;
  const doubt = check.doubt === undefined ? '' : `; ${check.doubt}`;
  const reason =
    check.reason === undefined || check.status === 'ok' || check.status === 'idle'
      ? ''
      : ` (${check.reason.replaceAll('-', ' ')})`;
  return [
    ...say(
      `${signOf(state, paper)} ${check.id}: ${checkWord(check, target)}${check.soft ? ', not confirmed yet' : ''}${reason}${levels(check)}`,
      2,
      paper,
    ),
    ...(check.message === '' ? [] : say(check.message, 4, paper)),
    ...memory(check, paper),
    ...say(looked + doubt, 4, paper, 'faint'),
  ];
}

/** By this the playbook and its steps are chosen. */
function classLines({ class: kind, evidence: seen = [] }: TargetView, paper: Paper): string[] {
  if (kind === undefined) return [];
  return [...say(`${kind}: ${meaningOf(kind)}`, 2, paper), ...seen.flatMap((line) => say(line, 4, paper, 'faint'))];
}

/** What the whole of it takes, where that is measured: a gateway with all that runs under it. */
function memory({ metrics: { memoryBytes, processes = 1 } }: TargetView['checks'][number], paper: Paper): string[] {
  if (memoryBytes === undefined) return [];
  return say(
    `uses ${saySize(memoryBytes)} of memory in ${processes === 1 ? 'one process' : `${processes} processes`}`,
    4,
    paper,
  );
}

/** Where a share would be judged otherwise. */
function levels({ levels }: TargetView['checks'][number]): string {
  return levels === undefined
    ? ''
    : `; warns at ${sayPercent(levels.warningPercent)}, critical at ${sayPercent(levels.criticalPercent)}`;
}

function rulings(target: TargetView, paper: Paper): string[] {
  if (target.rulings.length === 0) return [sayOnce('Nothing: there was no trouble.', 2, paper)];
  return target.rulings.flatMap((ruling) => {
    const until = ruling.until === undefined ? '' : ` (until ${fullTime(ruling.until, paper.nowMs)})`;
    const time = fullTime(ruling.at, paper.nowMs);
    const [first = '', ...more] = say(`${ruling.text}${until}`, time.length + 4, paper);
    return [`  ${paint(time, 'faint', paper)}  ${first.trimStart()}`, ...more];
  });
}

function recovery(snapshot: Snapshot, target: TargetView, past: boolean, paper: Paper): string[] {
  const { limits } = target;
  const mayDo = target.plan.length > 0;
  const holds = snapshot.holds.filter(
    (hold) => hold.scope === target.id || hold.scope === 'all' || hold.scope === 'host',
  );
  return [
    ...(target.because === undefined ? [] : say(`Nothing may be done: ${target.because}`, 2, paper, 'watch')),
    ...(mayDo && (target.mode === 'observe' || snapshot.daemon.mode === 'observe')
      ? say('Mode observe: what follows would be done, and is not.', 2, paper)
      : []),
    ...target.plan.flatMap((step, i) => say(`${i + 1}. ${step.charAt(0).toUpperCase()}${step.slice(1)}`, 2, paper)),
    ...(mayDo
      ? say(
          `Limit: ${limits.attemptsLastHour} of ${count(limits.maxAttemptsPerHour, 'attempt')} used in the last hour.`,
          2,
          paper,
        )
      : []),
    ...budget(limits.uncleanEnds, paper),
    ...(limits.nextAttemptAt !== undefined && limits.nextAttemptAt > paper.nowMs
      ? say(
          `Next attempt not before ${fullTime(limits.nextAttemptAt, paper.nowMs)} (in ${since(paper.nowMs, limits.nextAttemptAt)}).`,
          2,
          paper,
        )
      : []),
    ...(past || !mayAskNow(target, paper.nowMs)
      ? []
      : say(`At once, when its cause is mended: jarvis-health recover ${target.id}`, 2, paper)),
    ...holds.flatMap((hold) =>
      say(
        `On hold: ${hold.reason || hold.kind}${hold.until === undefined ? '' : `, until ${shortTime(hold.until, paper.nowMs)}`}`,
        2,
        paper,
        'blue',
      ),
    ),
    ...(target.parents.length === 0 ? [] : say(`Comes after: ${target.parents.join(', ')}`, 2, paper)),
    ...(target.kind === 'service' ? say(ownerOf(target, mayDo), 2, paper) : []),
    ...(target.process === undefined
      ? []
      : say(`Its process: pid ${target.process.pid}, ${target.process.command}`, 2, paper)),
  ];
}

function ownerOf({ owner, because }: TargetView, mayDo: boolean): string {
  if (owner !== undefined) return `Its owner, asked first: ${owner}`;
  return mayDo && because === undefined
    ? 'Its owner: nobody; its start command is used.'
    : 'Its owner: nobody is known.';
}

function underWay(recovery: NonNullable<TargetView['recovery']>, paper: Paper): string[] {
  const { step, of, tries, action, waitsFor, until, next } = recovery;
  const when = until === undefined ? '' : `, until ${fullTime(until, paper.nowMs)}`;
  return [
    ...say(choiceOf(recovery.playbook, recovery.class, recovery.because), 2, paper),
    ...say(`Step ${step} of ${of}, try ${recovery.try} of ${tries}: ${action}`, 2, paper),
    ...say(`It waits for ${waitsFor}${when}`, 2, paper),
    ...(next === undefined ? [] : say(`If it does not help: ${next}`, 2, paper)),
  ];
}

function choiceOf(playbook: string, kind: string, because: readonly string[] = []): string {
  const evidence = because.filter((one) => one !== '').join('; ');
  return `Playbook ${playbook}, class "${kind}"${evidence === '' ? '' : `: ${evidence}`}`;
}

const RESULTS: Readonly<Record<string, string>> = {
  done: 'done',
  nothing: 'there was nothing to do',
  refused: 'refused',
  failed: 'failed',
  interrupted: 'interrupted',
};

/** `step 1, try 2: restart it: done, and did not help (exit 1)`. */
function tryOf(one: NonNullable<TargetView['attempts'][number]['steps']>[number], paper: Paper): string {
  const result = one.result === undefined ? 'under way' : (RESULTS[one.result] ?? one.result);
  const proof = one.verified === undefined ? '' : one.verified ? ', and helped' : ', and did not help';
  const trouble = one.trouble === undefined ? '' : ` (${one.trouble})`;
  return `${fullTime(one.at, paper.nowMs)} step ${one.step}, try ${one.try}: ${one.action}: ${result}${proof}${trouble}`;
}

/** Of a gateway: too many unclean ends make it deaf, so they are counted, whoever caused them. */
function budget(ends: TargetView['limits']['uncleanEnds'], paper: Paper): string[] {
  if (ends === undefined) return [];
  const { seen, most, windowMs, until } = ends;
  const peace = until === undefined ? '' : `; left in peace until ${fullTime(until, paper.nowMs)}`;
  const number = seen > most ? `${seen}, and ${most} are allowed,` : `${seen} of ${most}`;
  return say(`Unclean ends: ${number} within ${sayDuration(windowMs)}${peace}.`, 2, paper);
}

function attempts(snapshot: Snapshot, target: TargetView, paper: Paper): string[] {
  return target.attempts.flatMap((attempt, index) => {
    const ended =
      attempt.endedAt === undefined
        ? 'under way'
        : `${sayOutcome(attempt.outcome)} after ${sayDuration(Math.max(0, attempt.endedAt - attempt.at))}`;
    return [
      ...say(
        `${fullTime(attempt.at, paper.nowMs)} ${sayPlaybook(attempt.playbook)}, ${ended}${attempt.manual ? ', asked for by a person' : ''}`,
        2,
        paper,
      ),
      ...(attempt.class === undefined
        ? []
        : say(choiceOf(attempt.playbook, attempt.class, attempt.because), 4, paper, 'faint')),
      ...(attempt.steps ?? []).flatMap((one) => say(tryOf(one, paper), 4, paper, 'faint')),
      ...(index === 0 ? told(snapshot, attempt).flatMap((text) => say(text, 4, paper, 'faint')) : []),
    ];
  });
}

/** How each step ended stands with the steps. */
const TOLD = ['did', 'not-verified'];

/** What was done in an attempt and what came of it, as its incident tells. */
function told({ incidents }: Snapshot, { incident, at, endedAt }: TargetView['attempts'][number]): readonly string[] {
  const steps = incidents.find(({ id }) => id === incident)?.steps ?? [];
  const within = steps.filter((step) => step.at >= at && (endedAt === undefined || step.at <= endedAt));
  return within.filter(({ kind }) => TOLD.includes(kind)).map(({ text }) => text);
}
