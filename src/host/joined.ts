/**
 * Lets callers that ask for the same costly thing share one run of it. A run always begins after the call it answers,
 * so what a caller is told is never older than its question: those who ask during a run share the next one.
 */
export function joined<T>(run: () => Promise<T>): () => Promise<T> {
  let next: Promise<T> | undefined;
  let last: Promise<unknown> = Promise.resolve();

  function begin(): Promise<T> {
    const mine = last
      .then(() => new Promise((resolve) => setImmediate(resolve)))
      .then(() => {
        next = undefined;
        return run();
      });
    last = mine.catch(() => undefined);
    return mine;
  }

  return () => {
    next ??= begin();
    return next;
  };
}
