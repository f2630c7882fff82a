import { setTimeout as pause } from 'node:timers/promises';
import { type Bench, companion, cpuDuring, cpuMs, programPath, until } from './measure.ts';
import { fetchText, freePort, type Web, withDaemon, withWeb } from './world.ts';

const services = 100;
const windowMs = 20_000;
const probesOfPeer = 1000;

function config(web: Web, every: string): string {
  const url = (at: number): string => `http://127.0.0.1:${web.port}/${at}`;
  const lines = Array.from({ length: services }, (_, at) => `  web-${at}: { http: '${url(at)}', every: ${every} }`);
  return `services:\n${lines.join('\n')}\n`;
}

/** CPU (ms) of a daemon over the window, and how many requests its services saw meanwhile. */
function daemonCost(web: Web, every: string): Promise<{ cpu: number; looks: number }> {
  const count = async (): Promise<number> => Number((await fetchText({ port: web.port, path: '/count' })).body);
  return withDaemon(config(web, every), async (daemon) => {
    await pause(5000);
    const before = await count();
    const cpu = await cpuDuring(daemon.pid, windowMs);
    return { cpu, looks: (await count()) - before };
  });
}

/** CPU (µs) the peer spends on one probe of the same page, asked one after the other as Prometheus does. */
async function peerCost(peer: string, web: Web): Promise<number> {
  const port = await freePort();
  const files = ['--config.file=/etc/prometheus/blackbox.yml', `--web.listen-address=127.0.0.1:${port}`];
  const exporter = companion([peer, ...files, '--log.level=error']);
  try {
    const path = `/probe?module=http_2xx&target=${encodeURIComponent(`http://127.0.0.1:${web.port}/`)}`;
    const ask = async (): Promise<string> => (await fetchText({ port, path })).body;
    await until('the peer probes', 10_000, async () => ((await ask()).includes('probe_success 1') ? true : undefined));
    for (let warm = 0; warm < 100; warm += 1) await ask();
    const before = cpuMs(exporter.pid);
    for (let probe = 0; probe < probesOfPeer; probe += 1) await ask();
    return ((cpuMs(exporter.pid) - before) / probesOfPeer) * 1000;
  } finally {
    await exporter.end();
  }
}

export const httpCostBench: Bench = {
  name: 'http-cost',
  says: 'CPU of one HTTP look',
  budget: 0.5,
  async run() {
    const peer = programPath('prometheus-blackbox-exporter');
    if (peer === undefined) return { skipped: 'prometheus-blackbox-exporter is not installed' };
    return withWeb(async (web) => {
      const busy = await daemonCost(web, '1s');
      const quiet = await daemonCost(web, '1h');
      const looks = busy.looks - quiet.looks;
      return {
        ours: ((busy.cpu - quiet.cpu) / looks) * 1000,
        beside: await peerCost(peer, web),
        unit: 'µs',
        besideName: 'blackbox exporter',
        note: `${looks} looks in ${windowMs / 1000} s, judged and shown, less the same daemon without; ${probesOfPeer} probes`,
      };
    });
  },
};
