/**
 * Waits for `work` no longer than until `signal` aborts, then throws the signal's reason. The work itself goes on where
 * it cannot be called back (statfs(2) on a dead network disk), but nobody waits for it any more.
 */
export function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      work.catch(() => undefined);
      reject(signal.reason);
      return;
    }
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/** Aborts when one of the two does. (AbortSignal.any is not in every Node 20.) */
export function either(
  one: AbortSignal,
  other: AbortSignal,
): { readonly signal: AbortSignal; readonly forget: () => void } {
  const controller = new AbortController();
  const abort = () => controller.abort();
  for (const signal of [one, other]) {
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort);
  }
  return {
    signal: controller.signal,
    forget: () => {
      for (const signal of [one, other]) signal.removeEventListener('abort', abort);
    },
  };
}
