/** What a screen reader is told, and when: at most one message in ten seconds, and only a new "down" interrupts. */
export type News = {
  /** What the page said when it was opened or what was announced last. */
  readonly key: string;
  readonly saidAt: number;
  readonly polite: string;
  readonly urgent: string;
};

const QUIET_MS = 10_000;

/** The page as it opens: its heading is read anyway, so nothing is announced. */
export function firstNews(key: string, now: number): News {
  return { key, saidAt: now - QUIET_MS, polite: '', urgent: '' };
}

/** The next state of the live regions. A change inside the quiet time is told when it ends, if it is still so. */
export function nextNews(before: News, current: { key: string; text: string; urgent: boolean }, now: number): News {
  if (current.key === before.key) return before;
  // A clock that jumped back must not silence the page.
  if (now >= before.saidAt && now - before.saidAt < QUIET_MS) return before;
  const said = { key: current.key, saidAt: now };
  return current.urgent ? { ...said, polite: '', urgent: current.text } : { ...said, polite: current.text, urgent: '' };
}
