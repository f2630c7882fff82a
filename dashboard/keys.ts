import { singleKeysOn } from './remembered.ts';

/** A single key presses the control that carries it (`data-key`); J and K walk the services. */
export function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (!singleKeysOn() || isField(event.target) || document.querySelector('dialog[open]') !== null) return;
  const key = event.key.toLowerCase();
  if (key === 'j' || key === 'k') walk(key === 'j' ? 1 : -1);
  else {
    const control = /^[a-z0-9?]$/.test(key) ? document.querySelector<HTMLElement>(`[data-key="${key}"]`) : null;
    if (control === null) return;
    control.click();
  }
  event.preventDefault();
}

function isField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** To the next service or the one before; from elsewhere to the first or the last. */
function walk(step: 1 | -1): void {
  const rows = [...document.querySelectorAll<Element>('.row-button')];
  const here = document.activeElement === null ? -1 : rows.indexOf(document.activeElement);
  const next = here < 0 ? (step === 1 ? 0 : rows.length - 1) : here + step;
  const row = rows[next];
  if (row instanceof HTMLElement) row.focus();
}
