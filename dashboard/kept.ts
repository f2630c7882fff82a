import { useState } from 'preact/hooks';

type Held<T> = { readonly parts: readonly unknown[]; readonly made: T };
type Keep<T> = (key: string, parts: readonly unknown[], make: () => T) => T;

/**
 * Keeps what was made of the same parts the last time: an element that is the same object is not drawn anew. What a drawing
 * does not ask for is let go.
 */
export function useKept<T>(): Keep<T> {
  const [keeper] = useState(() => createKeeper<T>());
  keeper.turn();
  return keeper.keep;
}

/** Outside of any drawing: a function made in one drawing that held the one before would hold all of them. */
function createKeeper<T>(): { readonly turn: () => void; readonly keep: Keep<T> } {
  let last = new Map<string, Held<T>>();
  let current = new Map<string, Held<T>>();
  return {
    turn: () => {
      last = current;
      current = new Map();
    },
    keep: (key, parts, make) => {
      const held = last.get(key);
      const same =
        held !== undefined &&
        held.parts.length === parts.length &&
        parts.every((part, i) => Object.is(part, held.parts[i]));
      const next = same ? held : { parts, made: make() };
      current.set(key, next);
      return next.made;
    },
  };
}
