import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { type Bench, inTurn, median, until } from './measure.ts';
import { fetchText, freePort, webProgram, withDaemon } from './world.ts';

const rounds = 8;
const peerVersion = '7.0.4';

const pidAt = async (port: number): Promise<number> => Number((await fetchText({ port, path: '/' })).body);

/** Ends the service with SIGKILL and says after how many ms another process answers in its place. */
async function crash(port: number): Promise<number> {
  // Both supervisors call a service young for a second or two, and treat its end differently then.
  await pause(2500);
  const pid = await pidAt(port);
  const beganAt = performance.now();
  process.kill(pid, 'SIGKILL');
  await until('the service answers again', 30_000, async () => ((await pidAt(port)) === pid ? undefined : true));
  return performance.now() - beganAt;
}

function installPeer(folder: string): string {
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  execFileSync('npm', ['install', '--prefix', folder, ...quiet, `pm2@${peerVersion}`], {
    stdio: 'ignore',
    timeout: 180_000,
  });
  return join(folder, 'node_modules/.bin/pm2');
}

export const crashBench: Bench = {
  name: 'crash',
  says: 'killed web app answers again',
  budget: 1.5,
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'jarvis-health-bench-'));
    try {
      const pm2 = installPeer(folder);
      return await besidePeer((args) => {
        const env = { ...process.env, PM2_HOME: join(folder, 'pm2'), PM2_DISABLE_VERSION_CHECK: 'true' };
        execFileSync(pm2, [...args], { env, stdio: 'ignore' });
      });
    } catch (error) {
      if (error instanceof Error && error.message.includes('npm install'))
        return { skipped: 'pm2 cannot be installed here' };
      throw error;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function besidePeer(pm2: (args: readonly string[]) => void) {
  const [own, theirs] = [await freePort(), await freePort()];
  const config = `services:
  web:
    http: http://127.0.0.1:${own}/
    start: [${JSON.stringify(process.execPath)}, ${JSON.stringify(webProgram)}, "${own}"]
    policy: { cooldown: 1ms, maxAttemptsPerHour: 1000 }
limits: { hostAttempts: 1000 }
holds: { afterBoot: 1ms }
`;
  try {
    return await withDaemon(config, async () => {
      pm2(['start', webProgram, '--name', 'web', '--', String(theirs)]);
      for (const port of [own, theirs]) await until(`port ${port} answers`, 30_000, () => pidAt(port));
      const taken = await inTurn(
        rounds,
        () => crash(own),
        () => crash(theirs),
      );
      return {
        ours: median(taken.ours),
        beside: median(taken.beside),
        unit: 'ms',
        besideName: `pm2 ${peerVersion}`,
        note: `kill -9, median of ${rounds}, in turn, limits set wide`,
      } as const;
    });
  } finally {
    pm2(['kill']);
    // What the daemon started outlives it, as it should.
    const pid = await pidAt(own).catch(() => undefined);
    if (pid !== undefined) process.kill(pid, 'SIGKILL');
  }
}
