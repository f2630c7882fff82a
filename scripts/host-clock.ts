import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';
import { root } from './root.ts';

const standIn = join(root, 'scripts/host-intl.ts');

/** Lets node-cron read the host's clock without Intl: `Intl` is then a name its modules import (scripts/host-intl.ts). */
export const hostClock: Plugin = {
  name: 'host-clock',
  setup(build) {
    build.onLoad({ filter: /[\\/]node-cron[\\/]dist[\\/].*\.js$/ }, async ({ path }) => ({
      contents: `import { HostIntl as Intl } from ${JSON.stringify(standIn)};\n${await readFile(path, 'utf8')}`,
      loader: 'js',
    }));
  },
};
