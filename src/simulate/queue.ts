/** What is to come, in the order of time; of two at one time the one that was put in first comes first. */
export type Queue = {
  readonly put: (at: number, run: () => void) => void;
  readonly next: () => { readonly at: number; readonly run: () => void } | undefined;
  readonly nextAt: () => number;
};

export function createQueue(): Queue {
  // The latest first: taking is cheap, and there are few enough at a time that putting is too.
  const waiting: { at: number; run: () => void }[] = [];

  function put(at: number, run: () => void): void {
    let place = waiting.length;
    while (place > 0 && (waiting[place - 1]?.at ?? 0) <= at) place--;
    waiting.splice(place, 0, { at, run });
  }

  return { put, next: () => waiting.pop(), nextAt: () => waiting.at(-1)?.at ?? Number.POSITIVE_INFINITY };
}
