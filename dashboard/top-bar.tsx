import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { cycleTheme, readTheme } from './theme.ts';
import type { Chip } from './view.ts';
import * as WORDS from './words.ts';

/** Whose host, how fresh, which theme. */
export function TopBar({
  host,
  chip,
  zone,
}: {
  host: string | undefined;
  chip: Chip;
  zone: string | undefined;
}): JSX.Element {
  return (
    <header class="top">
      <svg class="logo" width="22" height="22" viewBox="0 0 24 24" aria-hidden="true">
        <rect width="24" height="24" rx="6.5" />
        <path d="M4.5 12.6h3.2l2-5.4 3.4 9.6 2.2-6 1 1.8h3.2" />
      </svg>
      <span class="host">{host ?? WORDS.product}</span>
      {host !== undefined && <span class="product">{WORDS.product}</span>}
      <span class="chip" title={zone === undefined ? undefined : WORDS.otherZone(zone)}>
        <span class={`dot ${chip.dot}`} />
        <span class="from">{WORDS.fromFile}</span>
        <span class="age">
          {chip.age}
          <span class="more">{chip.more}</span>
        </span>
      </span>
      <ThemeButton />
    </header>
  );
}

function ThemeButton(): JSX.Element {
  const [theme, setTheme] = useState(readTheme);
  const label = WORDS.theme[theme];
  return (
    <button
      type="button"
      class="theme"
      data-key="t"
      aria-keyshortcuts="T"
      aria-label={label}
      title={label}
      onClick={() => setTheme(cycleTheme())}
    >
      <svg width="18" height="18" viewBox="0 0 24 24" aria-hidden="true">
        <circle cx="12" cy="12" r="9.4" />
        {theme === 'light' && <circle class="full" cx="12" cy="12" r="4.6" />}
        {theme === 'dark' && <circle class="full" cx="12" cy="12" r="9.4" />}
        {theme === 'system' && <path class="full" d="M12 2.6a9.4 9.4 0 0 1 0 18.8z" />}
      </svg>
    </button>
  );
}
