import type { StepOutcome } from '../core/events.ts';
import type { Owner } from '../core/owner.ts';
import type { TargetPlan } from '../core/plan.ts';
import type { AttemptId, TrackedProcess } from '../core/types.ts';
import type { Episode, Outcome } from './episode.ts';
import { endOfClass } from './last-words.ts';
import { isDown } from './see.ts';

/** The life of one target on a virtual host. Wall times in ms. */
export type Life = ReturnType<typeof createLife>;

/** Of an attempt that the record does not have. */
const USUAL: Outcome = { result: 'done', actMs: 1_000 };

export function createLife(plan: TargetPlan, owner: Owner | undefined, nextPid: () => number) {
  let process = born();
  let episode: Episode | undefined;
  let bootUntil = Number.NEGATIVE_INFINITY;
  let downSince: number | undefined;
  let downMs = 0;
  /** Attempts on the present trouble, and how often the newest has acted. */
  let attempts: AttemptId[] = [];
  let acts = 0;

  function born(): TrackedProcess {
    const pid = nextPid();
    const identity = { pid, startToken: String(pid), command: plan.id, cwd: undefined };
    const shape = { hadTerminal: false, proven: true, ownGroup: undefined };
    return { ...identity, ...shape, ...(owner === undefined ? {} : { owner }) };
  }

  function fall(next: Episode): void {
    episode = next;
    attempts = [];
    acts = 0;
    bootUntil = Number.NEGATIVE_INFINITY;
    if (isDown(next)) downSince ??= next.from;
    else up(next.from);
  }

  function up(at: number): void {
    if (downSince !== undefined) downMs += Math.max(0, at - downSince);
    downSince = undefined;
  }

  /** It gets well without our doing, if it is still this trouble. */
  function getWell(ended: Episode, at: number): void {
    if (episode !== ended) return;
    if (ended.reason === 'gone' || ended.reason === 'absent') process = born();
    episode = undefined;
    up(at);
  }

  /** How the next action of an attempt will come out, and when. */
  function act(attempt: AttemptId): { readonly actMs: number; readonly finish: (at: number) => StepOutcome } {
    if (episode === undefined) return { actMs: USUAL.actMs, finish: () => ({ outcome: 'nothing', did: [] }) };
    if (attempts.at(-1) !== attempt) {
      attempts.push(attempt);
      acts = 0;
    }
    acts += 1;
    const trouble = episode;
    const nth = attempts.length;
    const { ended } = trouble;
    if (ended.by === 'attempt' && (nth > ended.nth || (nth === ended.nth && acts >= ended.acts)))
      return { actMs: ended.actMs, finish: (at) => heal(trouble, at, ended.startMs) };
    const vain = trouble.vain[nth - 1] ?? trouble.vain.at(-1) ?? USUAL;
    return { actMs: vain.actMs, finish: () => fail(trouble, vain) };
  }

  function heal(trouble: Episode, at: number, startMs: number): StepOutcome {
    if (episode !== trouble) return { outcome: 'nothing', did: [] };
    episode = undefined;
    bootUntil = at + startMs;
    // A value is down no longer once the action is done; a service answers when it has started.
    up(bootUntil);
    return done();
  }

  function done(): StepOutcome {
    if (plan.kind !== 'service') return { outcome: 'done', did: [] };
    process = born();
    return { outcome: 'done', did: [], process };
  }

  function fail(trouble: Episode, { result }: Outcome): StepOutcome {
    if (episode !== trouble) return { outcome: 'nothing', did: [] };
    const { exitCode, lastLines = [] } = endOfClass(trouble.class) ?? {};
    const told = { code: 'START_ENDED', message: 'It did not help.', hint: '' };
    switch (result) {
      case 'done':
      case 'interrupted':
        return done();
      case 'nothing':
        return { outcome: 'nothing', did: [] };
      case 'refused':
        return { outcome: 'refused', did: [], trouble: told };
      case 'failed':
        return {
          outcome: 'failed',
          did: [],
          trouble: told,
          ...(exitCode === undefined ? {} : { exitCode, lastLines }),
        };
    }
  }

  return {
    fall,
    getWell,
    act,
    episode: () => episode,
    process: () => process,
    isBooting: (at: number) => episode === undefined && at < bootUntil,
    isWell: (at: number) => episode === undefined && at >= bootUntil,
    /** Down time until the end of the simulation. */
    downMs: (end: number) => {
      up(end);
      return downMs;
    },
  };
}
