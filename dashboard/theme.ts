/** Light, dark or as the system says; remembered where the browser allows it. */
export type Theme = 'system' | 'light' | 'dark';

export const THEME_KEY = 'jarvis-health-theme';
const CYCLE: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' };

export function readTheme(): Theme {
  const theme = document.documentElement.dataset['theme'];
  return theme === 'light' || theme === 'dark' ? theme : 'system';
}

/** Goes one on: system, light, dark, system. */
export function cycleTheme(): Theme {
  const next = CYCLE[readTheme()];
  if (next === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = next;
  try {
    // Storage from disk may be refused, and is shared by all local pages: one small key.
    if (next === 'system') localStorage.removeItem(THEME_KEY);
    else localStorage.setItem(THEME_KEY, next);
  } catch {
    // Not remembered then.
  }
  return next;
}
