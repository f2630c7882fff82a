import { setTimeout as pause } from 'node:timers/promises';
import { type Bench, cpuDuring, inTurn, median, residentMb } from './measure.ts';
import { type Daemon, type Web, withDaemon, withWeb, withWebs } from './world.ts';

const settleMs = 20_000;
const windowMs = 60_000;
/** A daemon runs for weeks; for its first minutes V8 is still compiling what it found to be used often. */
const warmMs = 180_000;

export const residentBench: Bench = {
  name: 'resident',
  says: 'resident memory, nothing configured',
  budget: 1.4,
  run: () => withWeb((web) => withDaemon(undefined, (daemon) => residentBeside(daemon, web))),
};

async function residentBeside(daemon: Daemon, web: Web) {
  await pause(settleMs);
  const sample = (pid: number) => async (): Promise<number> => {
    await pause(250);
    return residentMb(pid);
  };
  const taken = await inTurn(20, sample(daemon.pid), sample(web.pid));
  return {
    ours: median(taken.ours),
    beside: median(taken.beside),
    unit: 'MB',
    besideName: 'idle node web server',
    note: `Rss, median of 10 s, ${settleMs / 1000} s after the start`,
  } as const;
}

export const idleCpuBench: Bench = {
  name: 'idle-cpu',
  says: 'CPU of one core, ten healthy services',
  budget: 0.3,
  run: () =>
    withWebs(10, (webs) => {
      const services = webs.map(({ port }, at) => `  web-${at}: { http: 'http://127.0.0.1:${port}/' }`);
      return withDaemon(`services:\n${services.join('\n')}\n`, async (daemon) => {
        await pause(warmMs);
        const usedMs = await cpuDuring(daemon.pid, windowMs);
        const note = `${windowMs / 1000} s window, ${warmMs / 1000} s after the start, process looks every 250 ms, HTTP every 10 s`;
        return { ours: (usedMs / windowMs) * 100, unit: '%', note } as const;
      });
    }),
};
