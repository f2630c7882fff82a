import { useLayoutEffect, useState } from 'preact/hooks';

type Held<T> = { readonly parts: readonly unknown[]; readonly made: T };

export type Keeper<T> = {
  /** A new drawing begins. */
  readonly turn: () => void;
  /** What was made of these parts; the last one while there is no time for a new one, or `undefined` without one. */
  readonly keep: (key: string, parts: readonly unknown[], make: () => T) => T | undefined;
  /** Something was not made for want of time. */
  readonly isBehind: () => boolean;
};

/**
 * Keeps what was made of the same parts the last time: an element that is the same object is not drawn anew. At most
 * `most` are made in one drawing, and the next one follows at once: no drawing takes long, however much is new. What a
 * drawing does not ask for is let go.
 */
export function useKept<T>(most: number): Keeper<T>['keep'] {
  const [keeper] = useState(() => createKeeper<T>(most));
  const [, drawAgain] = useState({});
  useLayoutEffect(() => {
    if (!keeper.isBehind()) return;
    const timer = setTimeout(() => drawAgain({}));
    return () => clearTimeout(timer);
  });
  keeper.turn();
  return keeper.keep;
}

/** Outside of any drawing: a function made in one drawing that held the one before would hold all of them. */
export function createKeeper<T>(most: number): Keeper<T> {
  let last = new Map<string, Held<T>>();
  let current = new Map<string, Held<T>>();
  let left = most;
  let behind = false;
  return {
    turn: () => {
      last = current;
      current = new Map();
      left = most;
      behind = false;
    },
    isBehind: () => behind,
    keep: (key, parts, make) => {
      let held = last.get(key);
      const same =
        held !== undefined &&
        held.parts.length === parts.length &&
        parts.every((part, i) => Object.is(part, held?.parts[i]));
      if (!same && left > 0) {
        left -= 1;
        held = { parts, made: make() };
      } else if (!same) behind = true;
      if (held !== undefined) current.set(key, held);
      return held?.made;
    },
  };
}
