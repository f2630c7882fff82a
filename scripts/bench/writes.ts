import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { PAGE_TIMES, renewEveryMs } from '../../src/page/due.ts';
import type { Bench } from './measure.ts';
import { withDaemon, withWebs } from './world.ts';

const DAY_MS = 86_400_000;
const QUARTER_MS = 900_000;
/** Long enough for the past to be in every file, and for some minutes of history. */
const settleMs = 150_000;

/** Bytes of a day in which nothing happens, in MB: the sizes of the files times how often each is written. */
export const writesBench: Bench = {
  name: 'writes',
  says: 'written in a day, ten healthy services',
  budget: 100,
  run: () =>
    withWebs(10, (webs) => {
      const services = webs.map(({ port }, at) => `  web-${at}: { http: 'http://127.0.0.1:${port}/' }`);
      return withDaemon(`services:\n${services.join('\n')}\n`, async ({ home }) => {
        const before = historyBytes(home);
        await pause(settleMs);
        const size = (name: string): number => statSync(join(home, name)).size;
        const data = size('health-data.js');
        const a = (bytes: number, everyMs: number): number => (bytes * DAY_MS) / everyMs / 1e6;
        const parts = {
          'health-data.js': a(data, renewEveryMs(data)),
          'health.html': a(size('health.html') + size('health.txt'), PAGE_TIMES.pageEveryMs),
          'health-history.js': a(size('health-history.js'), QUARTER_MS),
          // The state is saved when something changes; on an idle host less than once an hour.
          'state.json': a(size('state.json'), 3_600_000),
          history: a(historyBytes(home) - before, settleMs),
        };
        const note = Object.entries(parts).map(([name, mb]) => `${name} ${mb.toFixed(1)}`);
        return {
          ours: Object.values(parts).reduce((sum, mb) => sum + mb, 0),
          unit: 'MB',
          note: note.join(', '),
        } as const;
      });
    }),
};

function historyBytes(home: string): number {
  const folder = join(home, 'history');
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}
