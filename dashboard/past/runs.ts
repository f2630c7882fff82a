import type { Strip } from './strip.ts';

/** Neighbouring slots of one letter. `from` and `to` are places in the strip, both inside. */
export type Run = { readonly letter: string; readonly from: number; readonly to: number };

export function runsOf(strip: Strip): readonly Run[] {
  const runs: Run[] = [];
  for (let i = 0; i < strip.length; i += 1) {
    const letter = strip[i] ?? '.';
    const last = runs.at(-1);
    if (last?.letter === letter) runs[runs.length - 1] = { ...last, to: i };
    else runs.push({ letter, from: i, to: i });
  }
  return runs;
}
