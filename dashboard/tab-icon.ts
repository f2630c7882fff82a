import type { Look, Shape } from './state-look.ts';
import { TOKENS } from './tokens.ts';

/** The tab's icon: the verdict's shape in its colour, as text for a `data:` address (a tab has no style sheet). */
const SHAPES: Readonly<Record<Shape, (colour: string) => string>> = {
  tick: (c) => `<circle cx="12" cy="12" r="11" fill="${c}"/>${white('M7.2 12.4l3.3 3.3 6.4-7')}`,
  triangle: (c) => `<path fill="${c}" d="M12 1.5l11 20H1z"/>${white('M12 9v5M12 17.8v.1')}`,
  octagon: (c) =>
    `<path fill="${c}" d="M7.6 1.6h8.8l6 6v8.8l-6 6H7.6l-6-6V7.6z"/>${white('M8.4 8.4l7.2 7.2M15.6 8.4l-7.2 7.2')}`,
  'octagon-open': (c) => line(c, 'M8 2.4h8L21.6 8v8L16 21.6H8L2.4 16V8zM9 9l6 6M15 9l-6 6'),
  turning: (c) => line(c, 'M4.6 6.6A9.2 9.2 0 1 1 2.9 13M4 2v5h5'),
  paused: (c) => line(c, 'M12 2.4a9.6 9.6 0 1 0 0 19.2 9.6 9.6 0 0 0 0-19.2M9.6 8.4v7.2M14.4 8.4v7.2'),
  question: (c) =>
    line(
      c,
      'M9.2 9.7a2.9 2.9 0 1 1 4.2 2.5c-.9.5-1.4 1-1.4 2M12 17.2v.1M2.2 12a9.8 9.8 0 0 1 4-7.9M21.8 12a9.8 9.8 0 0 1-4 7.9',
    ),
};

const white = (path: string): string =>
  `<path d="${path}" fill="none" stroke="#fff" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round"/>`;
const line = (colour: string, path: string): string =>
  `<path d="${path}" fill="none" stroke="${colour}" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round"/>`;

/** Bar colours: they hold 3:1 on light tab strips and on dark ones alike. */
export function tabIcon(look: Look): string {
  const colour = look.tone === 'none' ? TOKENS['line-strong'][0] : TOKENS[`${look.tone}-bar`][0];
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">${SHAPES[look.shape](colour)}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
