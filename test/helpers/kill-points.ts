import type { Boundary } from './boundaries.ts';
import { InterruptedStory, type Round } from './interrupted-story.ts';

type Clean = (clean: () => Promise<void>) => void;
export type Tally = { readonly wished: readonly Boundary[]; readonly hit: ReadonlySet<string>; readonly kills: number };

/** Of a home: later on it flaps, and then it is not told of each trouble any more. */
const ROUNDS = 3;

/**
 * Of the moments of one save all but the last are one and the same to what is decided: nothing is saved yet. Which one
 * of them it is goes round from save to save, so that the files meet each of them as well.
 */
export function unlike(met: readonly Boundary[]): readonly Boundary[] {
  const saves = new Map<string, Boundary[]>();
  for (const one of met) {
    const [, file, nth] = /^(?:fsync|link|rename) ([\w.-]+?\.json)(?:\.last-good)? #(\d+)$/.exec(one.name) ?? [];
    const key = file === undefined ? one.name : `${file} ${nth}`;
    saves.set(key, [...(saves.get(key) ?? []), one]);
  }
  return [...saves.values()].flatMap((moments, index) => moments[index % moments.length] ?? []);
}

/** Kills a daemon at each of these moments, some homes side by side, and fails with the first thing that is not right. */
export async function killAtEach(wished: readonly Boundary[], atEnd: Clean, sideBySide: number): Promise<Tally> {
  const waiting = [...wished];
  const hit = new Set<string>();
  let kills = 0;
  const note = (round: Round): void => {
    if (!round.killed) return;
    kills += 1;
    hit.add(round.met.at(-1)?.name ?? '');
  };
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; ) {
      const story = await new InterruptedStory(atEnd).begin();
      for (let round = 0; round < ROUNDS && next !== undefined; round += 1, next = waiting.shift()) {
        note(await naming(next, () => story.round(next)));
      }
      await story.end();
    }
  };
  await Promise.all(Array.from({ length: sideBySide }, work));
  return { wished, hit, kills };
}

async function naming<T>({ name }: Boundary, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw new Error(`killed at ${name}`, { cause: error });
  }
}
