import type { JSX } from 'preact';
import type { Look, Shape } from './state-look.ts';

/** State shapes on a 24 grid. `currentColor` is the state, `--surface` cuts the sign out of it. */
const SHAPES: Readonly<Record<Shape, JSX.Element>> = {
  tick: (
    <>
      <circle cx="12" cy="12" r="11" fill="currentColor" />
      <path class="cut" d="M7.2 12.4l3.3 3.3 6.4-7" />
    </>
  ),
  triangle: (
    <>
      <path
        fill="currentColor"
        d="M10.1 2.9a2.2 2.2 0 0 1 3.8 0l8.6 15.2a2.2 2.2 0 0 1-1.9 3.3H3.4a2.2 2.2 0 0 1-1.9-3.3z"
      />
      <path class="cut" d="M12 8.6v5.2M12 17.6v.1" />
    </>
  ),
  octagon: (
    <>
      <path
        fill="currentColor"
        d="M7.6 1.6h8.8l6 6v8.8l-6 6H7.6l-6-6V7.6z"
        stroke="currentColor"
        stroke-linejoin="round"
      />
      <path class="cut" d="M8.4 8.4l7.2 7.2M15.6 8.4l-7.2 7.2" />
    </>
  ),
  'octagon-open': <path class="line" d="M8 2.4h8L21.6 8v8L16 21.6H8L2.4 16V8zM9 9l6 6M15 9l-6 6" />,
  turning: (
    <g class="turns">
      <path class="line" d="M4.6 6.6A9.2 9.2 0 1 1 2.9 13" />
      <path class="line" d="M4 2v5h5" />
    </g>
  ),
  paused: <path class="line" d="M12 2.4a9.6 9.6 0 1 0 0 19.2 9.6 9.6 0 0 0 0-19.2M9.6 8.4v7.2M14.4 8.4v7.2" />,
  question: (
    <>
      <circle class="line dashes" cx="12" cy="12" r="9.8" />
      <path class="line thin" d="M9.2 9.7a2.9 2.9 0 1 1 4.2 2.5c-.9.5-1.4 1-1.4 2M12 17.2v.1" />
    </>
  ),
};

/** A state's sign. It is always beside the same in words, so it is hidden from screen readers. */
export function Glyph({ look, size }: { look: Look; size: number }): JSX.Element {
  return (
    <svg class={`glyph tone-${look.tone}`} width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      {SHAPES[look.shape]}
    </svg>
  );
}

const ICONS = {
  again: 'M19.5 12a7.5 7.5 0 1 1-2.2-5.3M19.5 3.5v4.3h-4.3',
  copy: 'M9 9h10.5v10.5H9zM5.5 15H4.5V4.5H15v1',
  bell: 'M6.5 16.5V11a5.5 5.5 0 0 1 11 0v5.5l1.5 1.5H5zM10.5 20.5h3M4 3.5l16 17',
  table: 'M4 5h16v14H4zM4 10h16M4 14.5h16M10 10v9',
} as const;

/** A control's drawing, never a state. */
export function Icon({ name, size = 16 }: { name: keyof typeof ICONS; size?: number }): JSX.Element {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <path d={ICONS[name]} />
    </svg>
  );
}
