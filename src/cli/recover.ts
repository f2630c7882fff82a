import { setTimeout as pause } from 'node:timers/promises';
import type { AttemptView } from '../core/snapshot.ts';
import { sayDuration } from '../core/units.ts';
import { sayOutcome, sayPlaybook } from '../core/words.ts';
import { ERRORS } from '../errors.ts';
import { wallMs } from '../host/clock.ts';
import { clean } from '../text/clean.ts';
import { asTyped } from './as-typed.ts';
import type { Context } from './context.ts';
import { askDaemon, at, tellDaemon, textOf } from './daemon.ts';
import { argument, type Options, textOption } from './options.ts';
import { openProgress } from './progress.ts';
import { asSnapshot } from './snapshot.ts';

const LOOK_EVERY_MS = 200;
// A grace for starting may be stretched to ten minutes; a little more, and the person is told to look for themselves.
const WAIT_AT_MOST_MS = 15 * 60_000;

export async function run(context: Context, args: readonly string[], options: Options): Promise<number> {
  const target = argument(args, 0, 'The target', 'jarvis-health recover hub');
  const dryRun = options.dryRun === true;
  const playbook = textOption(options, 'playbook');
  const body = { dryRun, force: options.force === true, ...(playbook === undefined ? {} : { playbook }) };
  const begunAt = wallMs();
  const answer = await tellDaemon(context, at('targets', target, 'recover'), body);
  if (!context.json) printLines(context, answer);
  const attempt = dryRun || options.wait === false ? undefined : await outcome(context, target, begunAt);
  if (context.json) context.outJson({ answer, attempt: attempt ?? null });
  else if (attempt !== undefined) context.out(`${sentence(target, attempt, context)}\n`);
  return attempt === undefined || attempt.outcome === 'recovered' ? 0 : ERRORS.TRY_LATER.exit;
}

/** The sentence of an answer, and what it says line by line. */
export function printLines(context: Context, answer: unknown): void {
  const lines = linesOf(answer).map((line) => `  ${/^ */.exec(line)?.[0] ?? ''}${clean(line, 2000)}`);
  context.out([clean(textOf(answer)), ...lines, ''].join('\n'));
}

/** The attempt just begun, when it has ended; `undefined` when it takes too long to wait for. */
async function outcome(context: Context, target: string, begunAt: number): Promise<AttemptView | undefined> {
  const progress = openProgress(context, `Recovering ${clean(target, 64)}`);
  try {
    while (wallMs() - begunAt < WAIT_AT_MOST_MS) {
      const view = asSnapshot(await askDaemon(context, at('state'))).targets.find((each) => each.id === target);
      const mine = view?.attempts.filter((attempt) => attempt.manual).toSorted((a, b) => b.at - a.at)[0];
      if (mine?.endedAt !== undefined && mine.endedAt >= begunAt) return mine;
      await pause(LOOK_EVERY_MS);
    }
    return undefined;
  } finally {
    progress.end();
  }
}

/** How an attempt ended, in one line. */
export function sentence(target: string, attempt: AttemptView, { env, home }: Pick<Context, 'env' | 'home'>): string {
  const took = sayDuration(Math.max(0, (attempt.endedAt ?? attempt.at) - attempt.at));
  const name = clean(target, 64);
  if (attempt.outcome === 'recovered' && attempt.incident === undefined)
    return `${name} was working; it was ${sayPlaybook(attempt.playbook) === 'restart' ? 'restarted' : 'seen to'} and works after ${took}.`;
  if (attempt.outcome === 'recovered') return `${name} is well again after ${took}.`;
  return `${name} is not well: ${sayPlaybook(attempt.playbook)} ${sayOutcome(attempt.outcome)}, after ${took}.\nSee why: ${asTyped(`jarvis-health explain ${name}`, env, home)}`;
}

function linesOf(answer: unknown): readonly string[] {
  if (typeof answer !== 'object' || answer === null || !('lines' in answer) || !Array.isArray(answer.lines)) return [];
  return answer.lines.map(String);
}
