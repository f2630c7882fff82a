/** The page's only clock: wall time in ms since 1970. Everything else is handed the time. */
export function wallNow(): number {
  return Date.now();
}
