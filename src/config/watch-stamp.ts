import { type FSWatcher, watch } from 'node:fs';

export type WatchOptions = {
  readonly signal: AbortSignal;
  /** The stamp of what is in force: what changed since it was read is not missed. */
  readonly since?: string | undefined;
  /** How long files must be left alone before they are read: editors write in several steps. */
  readonly settleMs?: number;
  /** A look at the files themselves, for links, network disks and folders that cannot be watched. */
  readonly pollEveryMs?: number;
};

/**
 * Calls `onChange` with the new stamp after it changed and has then been the same for `settleMs`. `folder` is watched for
 * a quick answer, where it is there. Ends with `signal`; keeps no program alive.
 */
export function watchStamp(
  { folder, stamp }: { readonly folder: string; readonly stamp: () => string },
  onChange: (stamp: string) => void,
  options: WatchOptions,
): void {
  const { signal, since, settleMs = 200, pollEveryMs = 2000 } = options;
  let seen = since ?? stamp();
  let timer: NodeJS.Timeout | undefined;
  let watcher: FSWatcher | undefined;

  const look = () => {
    const now = stamp();
    if (now !== seen) settle(now);
  };
  // The folder, not the file: a rename over it would leave us watching what is no longer there.
  const watchFolder = () => {
    try {
      watcher ??= watch(folder, { persistent: false }, look).on('error', dropFolder);
    } catch {
      watcher = undefined;
    }
  };
  const dropFolder = () => {
    watcher?.close();
    watcher = undefined;
  };
  const poll = setInterval(() => {
    watchFolder();
    look();
  }, pollEveryMs);
  poll.unref();
  watchFolder();
  if (signal.aborted) close();
  else signal.addEventListener('abort', close, { once: true });

  function settle(before: string): void {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const now = stamp();
      if (now !== before) return settle(now);
      if (now === seen) return;
      seen = now;
      onChange(now);
    }, settleMs);
    timer.unref();
  }

  function close(): void {
    clearTimeout(timer);
    clearInterval(poll);
    dropFolder();
  }
}
