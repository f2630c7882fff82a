import { setTimeout as pause } from 'node:timers/promises';
import type { AttemptView, Snapshot, TargetView } from '../core/snapshot.ts';
import { PersonError } from '../errors.ts';
import { monotonicMs, wallMs } from '../host/clock.ts';
import { readPass } from '../once.ts';
import { clockTime } from '../text/time.ts';
import { version } from '../version.ts';
import type { Context } from './context.ts';
import { askDaemon, at } from './daemon.ts';
import { openProgress } from './progress.ts';
import { sentence } from './recover.ts';
import { asSnapshot } from './snapshot.ts';

/** What a pass did about a target, or why it did nothing. */
export type Told = { readonly target: string; readonly text: string; readonly attempt: AttemptView | undefined };

const LOOK_EVERY_MS = 200;
const QUIET_MS = 2_000;
/** Silence must have lasted a minute (`hungAfter`), a gateway's longer; what takes more is for a daemon. */
const DOUBT_AT_MOST_MS = 3 * 60_000;
/** As long as a grace for starting can be stretched, and a little more. */
const AT_MOST_MS = 15 * 60_000;

/**
 * One pass that may act, without a daemon: it is the daemon for as long as something is under way, with its lock, its
 * judge, its limits and its intents on disk, and it writes the same history. Throws DAEMON_RUNNING when another one came
 * first, and what else keeps a daemon from starting.
 */
export async function recoverAlone(context: Context, names: readonly string[]): Promise<readonly Told[]> {
  const { home, configFile, env } = context;
  const { plan, checks } = await readPass({ home, configFile, env, names });
  const targets = [...new Set(checks.map(({ target }) => target))];
  if (plan.mode === 'observe') return [nothing(plan.configured)];
  const { runDaemon } = await import('../daemon.ts');
  const begunAt = wallMs();
  const over = new AbortController();
  const progress = openProgress(context, 'Looking and recovering');
  const life = runDaemon({
    home,
    configFile,
    observe: false,
    version: version(),
    pass: { targets, signal: over.signal },
  });
  const rest = untilAtRest(context, targets, over.signal);
  try {
    await Promise.race([life, rest]);
  } finally {
    over.abort();
    progress.end();
    await life;
  }
  return toldOf(context, await rest, targets, begunAt);
}

function nothing(configured: boolean): Told {
  const why = configured ? 'its policy.mode is observe' : 'there is no config';
  return { target: 'all', text: `Nothing is recovered: ${why}.`, attempt: undefined };
}

/** The last snapshot, when nothing is under way any more or the pass was ended. */
async function untilAtRest(
  context: Context,
  targets: readonly string[],
  signal: AbortSignal,
): Promise<Snapshot | undefined> {
  const begunMs = monotonicMs();
  let last: Snapshot | undefined;
  let story = '';
  let sinceMs = begunMs;
  while (!signal.aborted && monotonicMs() - begunMs < AT_MOST_MS) {
    last = (await look(context)) ?? last;
    const views = last?.targets.filter(({ id }) => targets.includes(id)) ?? [];
    const now = JSON.stringify(views.map(storyOf));
    if (now !== story) sinceMs = monotonicMs();
    story = now;
    const inDoubt = monotonicMs() - begunMs < DOUBT_AT_MOST_MS && views.some(isInDoubt);
    const quietMs = Math.max(QUIET_MS, ...views.map(nextLookMs));
    if (views.length > 0 && !inDoubt && !views.some(isActing) && monotonicMs() - sinceMs >= quietMs) return last;
    await pause(LOOK_EVERY_MS);
  }
  return last;
}

async function look(context: Context): Promise<Snapshot | undefined> {
  try {
    return asSnapshot(await askDaemon(context, at('state')));
  } catch (error) {
    // It opens its door in a moment, or has just closed it.
    if (error instanceof PersonError && error.code.startsWith('DAEMON_')) return undefined;
    throw error;
  }
}

function storyOf({ id, state, incident, attempts, checks }: TargetView): unknown {
  return [
    id,
    state,
    incident,
    attempts.length,
    attempts[0]?.endedAt,
    checks.map(({ status, strikes }) => [status, strikes]),
  ];
}

function isActing({ state, attempts }: TargetView): boolean {
  return state === 'recovering' || attempts.some(({ endedAt }) => endedAt === undefined);
}

/** Not looked at yet, or a bad look that is not confirmed. What must last for minutes (memory) is not waited for. */
function isInDoubt({ kind, soft, checks }: TargetView): boolean {
  return checks.some((check) => check.at === undefined) || (soft && kind === 'service');
}

/** An open incident is closed, or acted upon, with the next look at the latest. */
function nextLookMs({ incident, checks }: TargetView): number {
  if (incident === undefined) return 0;
  return Math.min(15_000, Math.max(...checks.map(({ everyMs }) => everyMs))) + QUIET_MS;
}

function toldOf(
  context: Context,
  snapshot: Snapshot | undefined,
  targets: readonly string[],
  begunAt: number,
): readonly Told[] {
  const views = snapshot?.targets.filter(({ id }) => targets.includes(id)) ?? [];
  return views.flatMap((view): readonly Told[] => {
    const mine = view.attempts.filter(({ at }) => at >= begunAt);
    const tried = mine.map((attempt) => ({ target: view.id, text: sentence(view.id, attempt, context), attempt }));
    const [ruling] = view.rulings;
    if (tried.length > 0 || view.incident === undefined || ruling === undefined) return tried;
    const until = ruling.until === undefined ? '' : `, until ${clockTime(ruling.until)}`;
    return [{ target: view.id, text: `${view.id}: ${ruling.text}${until}.`, attempt: undefined }];
  });
}
