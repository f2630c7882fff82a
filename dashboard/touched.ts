import { useRef } from 'preact/hooks';

export type Touched = {
  /** Whether a pointer is over the place or the focus is in it. */
  readonly now: () => boolean;
  readonly on: {
    readonly onPointerEnter: (event: PointerEvent) => void;
    readonly onPointerLeave: () => void;
    readonly onFocusIn: () => void;
    readonly onFocusOut: () => void;
  };
};

/** Knows whether a person has a hand on a part of the page: what is touched does not move. */
export function useTouched(): Touched {
  const held = useRef({ hovered: false, focused: false });
  return {
    now: () => held.current.hovered || held.current.focused,
    on: {
      // A finger leaves nothing hovering.
      onPointerEnter: (event) => {
        held.current.hovered = event.pointerType === 'mouse';
      },
      onPointerLeave: () => {
        held.current.hovered = false;
      },
      onFocusIn: () => {
        held.current.focused = true;
      },
      onFocusOut: () => {
        held.current.focused = false;
      },
    },
  };
}
