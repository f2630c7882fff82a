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

/** The tokens as CSS variables; `light-dark()` follows `color-scheme`, which the theme button sets. */
export function tokensCss(): string {
  const lines = Object.entries(TOKENS).map(([name, [light, dark]]) => `--${name}:light-dark(${light},${dark})`);
  return `:root{${lines.join(';')}}`;
}
