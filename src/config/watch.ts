import { dirname } from 'node:path';
import { type ConfigReading, type ConfigSource, configFileOf, configStamp, readConfig } from './load.ts';
import { aboutFile } from './problems.ts';
import { type WatchOptions, watchStamp } from './watch-stamp.ts';

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
  const { since = configStamp(source) } = options;
  let hadConfig = !isMissing(since);
  const place = { folder: dirname(configFileOf(source)), stamp: () => configStamp(source) };
  watchStamp(place, (stamp) => void read(stamp), { ...options, since });

  async function read(stamp: string): Promise<void> {
    const reading = await readConfig(source);
    if (options.signal.aborted) return;
    const emptied = reading.ok && !reading.loaded.configured && hadConfig;
    if (reading.ok && reading.loaded.configured) hadConfig = true;
    const because = isMissing(stamp) ? 'is gone' : 'is empty';
    onChange(emptied ? gone(`${because}; the last good one stays in force`) : reading);
  }

  function gone(because: string): ConfigReading {
    const problem = aboutFile(source.file ?? 'config.yaml', because);
    return { ok: false, code: 'CONFIG_UNREADABLE', problems: [problem], frames: [undefined] };
  }
}

function isMissing(stamp: string): boolean {
  return stamp.startsWith('missing');
}
