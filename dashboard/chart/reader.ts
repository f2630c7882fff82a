import { useState } from 'preact/hooks';

/** Where the reader stands, and what moves it: pointer, a tap (which pins it), and the arrow keys. */
export type Reader = {
  /** `undefined` while nobody reads. */
  readonly place: number | undefined;
  readonly on: {
    readonly onPointerMove: (event: PointerEvent) => void;
    readonly onPointerDown: (event: PointerEvent) => void;
    readonly onPointerLeave: (event: PointerEvent) => void;
    readonly onKeyDown: (event: KeyboardEvent) => void;
    readonly onBlur: () => void;
  };
};

const STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageDown: -8,
  PageUp: 8,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

/** `count`: how many places there are. `placeAt`: the place under a share (0 to 1) of the width. */
export function useReader(count: number, placeAt: (share: number) => number): Reader {
  const [place, setPlace] = useState<number | undefined>(undefined);
  const [pinned, setPinned] = useState(false);
  const clear = (): void => {
    setPlace(undefined);
    setPinned(false);
  };
  const at = (event: PointerEvent): number => {
    if (!(event.currentTarget instanceof Element)) return 0;
    const box = event.currentTarget.getBoundingClientRect();
    const share = box.width === 0 ? 0 : (event.clientX - box.left) / box.width;
    return Math.min(count - 1, Math.max(0, placeAt(Math.min(1, Math.max(0, share)))));
  };
  return {
    place: place === undefined ? undefined : Math.min(place, count - 1),
    on: {
      onPointerMove: (event) => {
        if (!pinned || event.pointerType !== 'mouse') setPlace(at(event));
      },
      onPointerDown: (event) => {
        const next = at(event);
        // A second tap at the same place lets go.
        if (pinned && next === place) return clear();
        setPlace(next);
        setPinned(true);
      },
      onPointerLeave: (event) => {
        if (!pinned && event.pointerType === 'mouse') clear();
      },
      onKeyDown: (event) => {
        if (event.key === 'Escape' && place !== undefined) {
          event.preventDefault();
          event.stopPropagation();
          return clear();
        }
        const step = STEPS[event.key];
        if (step === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
        event.preventDefault();
        setPlace(Math.min(count - 1, Math.max(0, (place ?? count) + step)));
      },
      onBlur: clear,
    },
  };
}
