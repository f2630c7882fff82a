import type { LoadedConfig } from './load.ts';
import { expandHome } from './paths.ts';

/** Where the queue of alerts is shown to others: absolute, or relative to the home folder. */
export function pendingFileOf({ config, homeFolder }: Pick<LoadedConfig, 'config' | 'homeFolder'>): string {
  return expandHome(config.alerts.pendingFile, homeFolder);
}
