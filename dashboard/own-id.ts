import { useState } from 'preact/hooks';

let count = 0;

/** An id that no other element has. Preact's own `useId` counts anew whenever the root is rendered again, as it is each second. */
export function useOwnId(): string {
  return useState(() => {
    count += 1;
    return `own-${count}`;
  })[0];
}
