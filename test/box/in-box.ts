import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../helpers/daemon.ts';
import type { Box, Ended } from './boot-box.ts';

const PROGRAM = ['node', '/jarvis-health/bin/jarvis-health.js'];

/** The program inside a box as one of its users, who has one service, `web`, that the daemon starts. */
export function inBox(box: Box, options: { user?: string; home: string; port: number }) {
  const { user, home, port } = options;
  const as = user === undefined ? {} : { user };
  const systemctl = ['systemctl', ...(user === undefined ? [] : ['--user'])];

  const exec = (...argv: readonly string[]): Promise<Ended> => box.exec(argv, { ...as, timeoutMs: 60_000 });
  const jh = (...args: readonly string[]): Promise<Ended> => exec(...PROGRAM, '--home', home, ...args);

  /** Runs it and fails with its words unless it ends well. */
  async function fine(...args: readonly string[]): Promise<string> {
    const ran = await jh(...args);
    if (ran.exitCode !== 0) throw new Error(`${args.join(' ')} ended with ${ran.exitCode}: ${ran.stdout}${ran.stderr}`);
    return ran.stdout;
  }

  async function property(name: string, unit = 'jarvis-health.service'): Promise<string> {
    return (await exec(...systemctl, 'show', `--property=${name}`, '--value', unit)).stdout.trim();
  }

  return {
    exec,
    jh,
    fine,
    property,
    systemctl: (...words: readonly string[]) => exec(...systemctl, ...words),
    async config(): Promise<void> {
      const config = {
        services: {
          web: {
            http: { url: `http://127.0.0.1:${port}/`, every: '1s' },
            start: ['node', '/jarvis-health/test/fixtures/web.mjs', '--port', String(port)],
          },
        },
        disk: [],
        memory: 'off',
      };
      const name = `${port}.json`;
      writeFileSync(join(box.out, name), JSON.stringify(config));
      await exec('mkdir', '-p', '-m', '700', home);
      await exec('cp', `/out/${name}`, join(home, 'config.yaml'));
    },
    daemonPid: async (): Promise<number> => Number(await property('MainPID')),
    /** The pid of a daemon other than `not`, once it answers. */
    daemon: (not = 0): Promise<number> =>
      eventually(`a daemon other than ${not}`, async () => {
        const { stdout } = await jh('status', '--json');
        const { running, snapshot } = JSON.parse(stdout);
        return running === true && snapshot.daemon.pid !== not ? Number(snapshot.daemon.pid) : undefined;
      }),
    /** The pid of the service, once it works. */
    web: (): Promise<number> =>
      eventually('web works', async () => {
        const { stdout } = await jh('status', '--json');
        const { running, snapshot } = JSON.parse(stdout);
        const [web] = running === true ? snapshot.targets : [];
        return web?.state === 'working' && web.process !== undefined ? Number(web.process.pid) : undefined;
      }),
    lives: async (pid: number): Promise<boolean> => (await box.exec(['kill', '-0', String(pid)])).exitCode === 0,
  };
}
