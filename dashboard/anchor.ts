/**
 * Holds what a person is at in its place while the page is drawn anew: what is above it may grow, and a click must not
 * land on something else. Only while the person is active: a pointer that was left lying must not keep news out of sight.
 */
const ACTIVE_MS = 20_000;
/** What can be under a pointer as one thing. */
const THINGS = '.row, .vital, .told > li, .timeline li, .facts, .ribbon, button';

let active: { readonly at: number; readonly target: Element } | undefined;

function noteActivity(event: Event): void {
  if (event.target instanceof Element) active = { at: performance.now(), target: event.target };
}
for (const type of ['pointermove', 'pointerdown', 'keydown', 'focusin']) {
  document.addEventListener(type, noteActivity, { capture: true, passive: true });
}

/** Runs `draw`, then moves the window by as much as it moved the thing under pointer or focus. */
export function holdStill(draw: () => void): void {
  const thing = thingInHand();
  const before = thing?.getBoundingClientRect().top;
  if (thing === undefined) addRoom(0);
  draw();
  if (thing === undefined || before === undefined || !thing.isConnected) return;
  const moved = (): number => thing.getBoundingClientRect().top - before;
  if (Math.abs(moved()) < 1) return;
  window.scrollBy(0, moved());
  // The page may be too short to scroll that far.
  if (moved() >= 1) {
    addRoom(moved());
    window.scrollBy(0, moved());
  }
}

function addRoom(px: number): void {
  document.body.style.paddingBottom = px === 0 ? '' : `${px}px`;
}

function thingInHand(): Element | undefined {
  if (active === undefined || performance.now() - active.at > ACTIVE_MS) return undefined;
  const thing = active.target.closest(THINGS);
  // In a dialog nothing of the page is in hand.
  return thing === null || thing.closest('dialog') !== null ? undefined : thing;
}
