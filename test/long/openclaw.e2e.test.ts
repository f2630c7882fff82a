import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { eventually, freePort, TestDaemon } from '../helpers/daemon.ts';

const why =
  process.env['E2E'] === '1' ? undefined : 'E2E=1 asks for it: it installs 840 MB from npm and boots the real gateway';

/** Kept between runs, outside of the repository. */
const cache = process.env['E2E_CACHE'] ?? join(tmpdir(), 'jarvis-health-e2e');
const VERSION = '2026.9.6';
const MINUTE = 60_000;

function npm(folder: string, name: string, path: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  const { status, stderr } = spawnSync('npm', ['install', '--no-audit', '--no-fund', name], {
    cwd: folder,
    env: { ...process.env, PATH: `${path}:${process.env['PATH'] ?? ''}` },
    encoding: 'utf8',
    timeout: 9 * MINUTE,
  });
  if (status !== 0) throw new Error(`npm install ${name} ended with ${status}: ${stderr.slice(-2_000)}`);
}

/** openclaw refuses to be installed by a Node that is too old to run it, so its Node comes first. */
function installed(): { readonly node: string; readonly entry: string } {
  const bin = join(cache, 'node/node_modules/node/bin');
  const entry = join(cache, 'openclaw/node_modules/openclaw/openclaw.mjs');
  if (!existsSync(join(bin, 'node'))) npm(join(cache, 'node'), 'node@24', '');
  if (!existsSync(entry)) npm(join(cache, 'openclaw'), `openclaw@${VERSION}`, bin);
  return { node: join(bin, 'node'), entry };
}

type Target = Awaited<ReturnType<TestDaemon['target']>>;
const pidOf = ({ process }: Target): number => process?.pid ?? 0;

/** It boots for ten seconds, and for minutes on a host that has other things to do. */
async function wellAgain(daemon: TestDaemon, notPid: number): Promise<Target> {
  const seen = async () => {
    const target = await daemon.target('gateway');
    const isWell = target.state === 'working' && target.incident === undefined;
    return isWell && target.process !== undefined && pidOf(target) !== notPid ? target : undefined;
  };
  return await eventually(`the gateway is well, and not as process ${notPid}`, seen, 5 * MINUTE).catch((error) => {
    throw new Error(`${String(error)}\n${daemon.log().slice(-4_000)}`);
  });
}

describe.skipIf(why !== undefined)(`the real openclaw${why === undefined ? '' : ` (SKIPPED: ${why})`}`, () => {
  test('is brought up, seen well, and brought back when it hangs and when it is killed', {
    timeout: 20 * MINUTE,
  }, async ({ onTestFinished }) => {
    const { node, entry } = installed();
    const daemon = new TestDaemon(onTestFinished);
    const agent = join(daemon.home, 'agent');
    const state = join(agent, '.openclaw');
    mkdirSync(state, { recursive: true });
    const port = await freePort();
    writeFileSync(
      join(state, 'openclaw.json'),
      `// a gateway without channels or keys\n{ gateway: { mode: 'local', bind: 'loopback', port: ${port}, auth: { mode: 'none' }, }, }\n`,
    );
    // In tests it takes no lock; it shall not know that this is one.
    const env = { OPENCLAW_STATE_DIR: state, HOME: agent, VITEST: '', NODE_ENV: 'production' };
    const service = {
      preset: 'gateway',
      env,
      start: [node, entry, 'gateway'],
      hungAfter: '10s',
      every: '2s',
      policy: { cooldown: '5s' },
    };
    daemon.write({ services: { gateway: service } });
    await daemon.start();

    const first = await wellAgain(daemon, 0);
    expect(first.attempts).toEqual([]);
    expect(first.checks.map(({ name }) => name)).toEqual(['process', 'gateway']);
    expect(first.checks[1]?.metrics['runAgeMs']).toBeGreaterThan(0);

    // Stopped by a signal, the kernel goes on accepting connections for it, and nobody answers them.
    process.kill(pidOf(first), 'SIGSTOP');
    const second = await wellAgain(daemon, pidOf(first));
    expect((await daemon.snapshot()).incidents[0]?.title).toBe('gateway stopped answering');
    expect(second.attempts).toMatchObject([{ outcome: 'recovered', playbook: 'gateway-restart' }]);

    process.kill(pidOf(second), 'SIGKILL');
    const third = await wellAgain(daemon, pidOf(second));
    expect(third.attempts).toHaveLength(2);
    // Its own breaker has not tripped: it was not ended too often.
    expect(existsSync(join(state, 'logs/stability'))).toBe(false);
    expect(await daemon.alerts()).toEqual([]);

    const doctor = JSON.parse(daemon.run('doctor', '--json').out);
    const findings: { what: string; text: string }[] = doctor.findings;
    expect(findings.find(({ what }) => what === `Gateway openclaw ${VERSION}`)?.text).toContain('runs (pid');
    expect(findings.find(({ what }) => what === 'Command line of openclaw')?.text).toContain(VERSION);
  });
});
