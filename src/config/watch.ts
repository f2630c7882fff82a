import { type FSWatcher, watch } from 'node:fs';
import { dirname } from 'node:path';
import { type ConfigReading, type ConfigSource, configFileOf, readConfig } from './load.ts';
import { aboutFile } from './problems.ts';
import { stampOf } from './read-text.ts';

export type WatchOptions = {
  readonly signal: AbortSignal;
  /** `stamp` of the config in force: what changed since it was read is not missed. */
  readonly since?: string | undefined;
  /** How long a file must be left alone before it is read: editors write in several steps. */
  readonly settleMs?: number;
  /** A look at the file itself, for links, network disks and folders that cannot be watched. */
  readonly pollEveryMs?: number;
};

/**
 * Calls `onChange` with every new reading of the config, good or bad, after it changed; the first reading is the
 * caller's own. A file that was emptied or went away after there was one is trouble, not "no config": an editor that
 * saves in two steps must not put the daemon into another mode. Ends with `signal`; keeps no program alive.
 */
export function watchConfig(
  source: ConfigSource,
  onChange: (reading: ConfigReading) => void,
  options: WatchOptions,
): void {
  const { signal, since, settleMs = 200, pollEveryMs = 2000 } = options;
  const file = configFileOf(source);
  let seen = since ?? stampOf(file);
  let hadConfig = seen !== 'missing';
  let timer: NodeJS.Timeout | undefined;
  let folder: FSWatcher | undefined;

  const look = () => {
    if (stampOf(file) !== seen) settle(stampOf(file));
  };
  // The folder, not the file: a rename over it would leave us watching what is no longer there.
  const watchFolder = () => {
    try {
      folder ??= watch(dirname(file), { persistent: false }, look).on('error', dropFolder);
    } catch {
      folder = undefined;
    }
  };
  const dropFolder = () => {
    folder?.close();
    folder = undefined;
  };
  const poll = setInterval(() => {
    watchFolder();
    look();
  }, pollEveryMs);
  poll.unref();
  watchFolder();
  if (signal.aborted) close();
  else signal.addEventListener('abort', close, { once: true });

  /** Reads once the file has been the same for `settleMs`. */
  function settle(before: string): void {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const now = stampOf(file);
      if (now !== before) return settle(now);
      if (now === seen) return;
      seen = now;
      void read();
    }, settleMs);
    timer.unref();
  }

  async function read(): Promise<void> {
    const reading = await readConfig(source);
    if (signal.aborted) return;
    const emptied = reading.ok && !reading.loaded.configured && hadConfig;
    if (reading.ok && reading.loaded.configured) hadConfig = true;
    onChange(
      emptied
        ? gone(
            seen === 'missing'
              ? 'is gone; the last good one stays in force'
              : 'is empty; the last good one stays in force',
          )
        : reading,
    );
  }

  function gone(because: string): ConfigReading {
    const problem = aboutFile(source.file ?? 'config.yaml', because);
    return { ok: false, code: 'CONFIG_UNREADABLE', problems: [problem], frames: [undefined] };
  }

  function close(): void {
    clearTimeout(timer);
    clearInterval(poll);
    dropFolder();
  }
}
