import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Bench, cpuDuring } from './measure.ts';
import { type Daemon, fetchText, withDaemon, withWeb } from './world.ts';

const checks = 1000;
const windowMs = 60_000;

export const lagBench: Bench = {
  name: 'lag',
  says: 'schedule lag p99, 1,000 HTTP checks every 10 s',
  budget: 100,
  run: () =>
    withWeb((web) => {
      const url = (at: number): string => `http://127.0.0.1:${web.port}/${at}`;
      const lines = Array.from({ length: checks }, (_, at) => `  web-${at}: { http: '${url(at)}', every: 10s }`);
      return withDaemon(`services:\n${lines.join('\n')}\n`, lagOf);
    }),
};

async function lagOf(daemon: Daemon) {
  await pause(15_000);
  const cpu = await cpuDuring(daemon.pid, windowMs);
  const { body } = await fetchText({ socketPath: join(daemon.home, 'run/daemon.sock'), path: '/metrics' });
  const found = /^jarvis_health_schedule_lag_ms\{quantile="0\.99"\} (\S+)/m.exec(body);
  if (found === null) throw new Error('/metrics has no jarvis_health_schedule_lag_ms{quantile="0.99"}');
  const load = ((cpu / windowMs) * 100).toFixed(0);
  return {
    ours: Number(found[1]),
    unit: 'ms',
    note: `as the daemon counts it, ${windowMs / 1000} s, at ${load}% of one core`,
  } as const;
}
