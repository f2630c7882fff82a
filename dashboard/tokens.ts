/** The colours of the page (DASHBOARD.md §6): name → [light, dark]. The build makes the style sheet's variables of them. */
export const TOKENS = {
  bg: ['#F6F6F3', '#0B0D10'],
  surface: ['#FFFFFF', '#13161A'],
  inset: ['#F1F1ED', '#1A1E23'],
  line: ['#E5E5DF', '#252A31'],
  'line-strong': ['#8B8D88', '#6B727C'],
  ink: ['#17191C', '#EEF0F2'],
  ink2: ['#474B51', '#B9BFC7'],
  ink3: ['#656970', '#929AA4'],
  data: ['#3B5F94', '#8DB0E6'],
  ok: ['#0A7260', '#4FCBAE'],
  'ok-bar': ['#2E9C85', '#2C9E87'],
  'ok-wash': ['#EAF5F1', '#0F2621'],
  warn: ['#855400', '#EFB549'],
  'warn-bar': ['#C27A00', '#D89A2B'],
  'warn-wash': ['#FCF3DF', '#2A210F'],
  down: ['#B1241C', '#FF8A7C'],
  'down-bar': ['#CE3A2E', '#F15F50'],
  'down-wash': ['#FCEDEA', '#331815'],
  info: ['#2B57B5', '#94B6FF'],
  'info-bar': ['#5B82D6', '#6E95EA'],
  'info-wash': ['#EAF0FB', '#162036'],
  nodata: ['#D3D3CC', '#343A42'],
  button: ['#17191C', '#EEF0F2'],
  'button-text': ['#FFFFFF', '#0B0D10'],
  focus: ['#1F66E5', '#7FB0FF'],
} as const satisfies Record<string, readonly [light: string, dark: string]>;

export type Token = keyof typeof TOKENS;

/** Every pair the page puts on one another: [front, back, least contrast]. WCAG 2.2: text 4.5 (1.4.3), graphics 3 (1.4.11). */
export const PAIRS: readonly (readonly [front: Token, back: Token, least: number])[] = [
  ...(['ink', 'ink2', 'ink3'] as const).flatMap((ink) =>
    (['surface', 'bg', 'inset', 'ok-wash', 'warn-wash', 'down-wash', 'info-wash'] as const).map(
      (on) => [ink, on, 4.5] as const,
    ),
  ),
  ...(['ok', 'warn', 'down', 'info'] as const).flatMap((state) => [
    [state, 'surface', 4.5] as const,
    [state, `${state}-wash`, 4.5] as const,
    [`${state}-bar`, 'surface', 3] as const,
  ]),
  // The rows and panels tint nothing, so a state's text also meets the inset of an opened row.
  ...(['ok', 'warn', 'down', 'info'] as const).map((state) => [state, 'inset', 4.5] as const),
  ['ok-bar', 'ok-wash', 3],
  ['warn-bar', 'warn-wash', 3],
  ['down-bar', 'down-wash', 3],
  // An opened row has the page's ground, for the bars would be too weak on the inset; the facts panel has a line on it.
  ...(['ok-bar', 'warn-bar', 'down-bar', 'info-bar'] as const).map((bar) => [bar, 'bg', 3] as const),
  ['data', 'inset', 3],
  ['down-bar', 'inset', 3],
  // Links are written in it, too.
  ['data', 'surface', 4.5],
  ['data', 'bg', 3],
  ['line-strong', 'surface', 3],
  ['line-strong', 'bg', 3],
  ['button-text', 'button', 4.5],
  ['focus', 'bg', 3],
  ['focus', 'surface', 3],
  ['focus', 'inset', 3],
];

/** The tokens as CSS variables; `light-dark()` follows `color-scheme`, which the theme button sets. */
export function tokensCss(): string {
  const lines = Object.entries(TOKENS).map(([name, [light, dark]]) => `--${name}:light-dark(${light},${dark})`);
  return `:root{${lines.join(';')}}`;
}
