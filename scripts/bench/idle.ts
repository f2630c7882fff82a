import { setTimeout as pause } from 'node:timers/promises';
import { type Bench, cpuDuring, inTurn, median, residentMb } from './measure.ts';
import { startDaemon, startWeb } from './world.ts';

const settleMs = 20_000;
const windowMs = 60_000;
/** A daemon runs for weeks; for its first minutes V8 is still compiling what it found to be used often. */
const warmMs = 180_000;

export const residentBench: Bench = {
  name: 'resident',
  says: 'resident memory, nothing configured',
  budget: 1.4,
  async run() {
    const web = await startWeb();
    const daemon = await startDaemon(undefined);
    try {
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
      };
    } finally {
      daemon.stop();
      await web.end();
    }
  },
};

export const idleCpuBench: Bench = {
  name: 'idle-cpu',
  says: 'CPU of one core, ten healthy services',
  budget: 0.3,
  async run() {
    const webs = await Promise.all(Array.from({ length: 10 }, startWeb));
    const services = webs.map(({ port }, at) => `  web-${at}: { http: 'http://127.0.0.1:${port}/' }`);
    const daemon = await startDaemon(`services:\n${services.join('\n')}\n`);
    try {
      await pause(warmMs);
      const usedMs = await cpuDuring(daemon.pid, windowMs);
      return {
        ours: (usedMs / windowMs) * 100,
        unit: '%',
        note: `${windowMs / 1000} s window, ${warmMs / 1000} s after the start, process looks every 250 ms, HTTP every 10 s`,
      };
    } finally {
      daemon.stop();
      await Promise.all(webs.map((web) => web.end()));
    }
  },
};
