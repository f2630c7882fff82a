// Runs in the head, before anything is drawn: the remembered theme, so that nothing flashes. Key: theme.ts.
import { THEME_KEY } from './theme.ts';

try {
  const theme = localStorage.getItem(THEME_KEY);
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset['theme'] = theme;
} catch {
  // Storage is refused: the system's theme.
}
