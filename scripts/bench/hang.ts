import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { type Bench, until } from './measure.ts';
import { fetchText, freePort, webProgram, withDaemon } from './world.ts';

const pidAt = async (port: number): Promise<number> => Number((await fetchText({ port, path: '/' })).body);

/** Lets a web app hang and says after how many ms another process answers in its place. */
async function hang(port: number, withinMs: number): Promise<number> {
  const pid = await until(`port ${port} answers`, 60_000, () => pidAt(port));
  // Past its own start, so that silence is not taken for a slow one.
  await pause(5_000);
  const beganAt = performance.now();
  process.kill(pid, 'SIGUSR2');
  await until('another one answers', withinMs, async () => ((await pidAt(port)) === pid ? undefined : true));
  return performance.now() - beganAt;
}

function hangBench(says: string, budget: number, options: string): Bench {
  return {
    name: 'hang',
    says,
    budget,
    async run() {
      const port = await freePort();
      const start = [process.execPath, webProgram, String(port)].map((word) => JSON.stringify(word)).join(', ');
      const config = `services:
  web: { http: 'http://127.0.0.1:${port}/', start: [${start}]${options} }
disk: []
memory: off
holds: { afterBoot: 1ms }
`;
      try {
        const ours = await withDaemon(config, async () => await hang(port, 3 * budget));
        return { ours, unit: 'ms', note: 'the event loop stands still, TERM is not heard; one round' };
      } finally {
        // What the daemon started outlives it, as it should.
        const pid = await pidAt(port).catch(() => undefined);
        if (pid !== undefined) process.kill(pid, 'SIGKILL');
      }
    },
  };
}

export const hangBenches: readonly Bench[] = [
  hangBench('hung web app answers again, defaults', 80_000, ''),
  hangBench('hung web app answers again, hungAfter: 5s', 15_000, ', hungAfter: 5s'),
];
