import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Snapshot, TargetView } from '../../src/core/snapshot.ts';
import { type Box, bootBox, type Ended, whyNoBox } from '../box/boot-box.ts';
import { eventually } from '../helpers/daemon.ts';

const why = whyNoBox();

const PROGRAM = ['node', '/jarvis-health/bin/jarvis-health.js'];
const HOME = '/home/ada';
const PORT = 18_789;

/** The package as npm lays it out, and the unit that its own installer writes. */
const install = (brand: string): string => `
set -e
pack=$HOME/.npm-global/lib/node_modules/${brand}
mkdir -p $pack/dist $HOME/.npm-global/bin $HOME/.${brand} $HOME/.config/systemd/user
echo '{"name":"${brand}","version":"2026.9.6","type":"module"}' > $pack/package.json
printf '#!/usr/bin/env node\\nimport "/jarvis-health/test/fixtures/gateway/main.mjs";\\n' > $pack/${brand}.mjs
chmod +x $pack/${brand}.mjs
ln -sf $pack/${brand}.mjs $HOME/.npm-global/bin/${brand}
echo '{ gateway: { port: ${PORT} } }' > $HOME/.${brand}/${brand}.json
`;

describe.skipIf(why !== undefined)(
  `a gateway that systemd owns${why === undefined ? '' : ` (SKIPPED: ${why})`}`,
  () => {
    let box: Box;
    const ada = (argv: readonly string[], timeoutMs = 20_000): Promise<Ended> =>
      box.exec(argv, { user: 'ada', timeoutMs });
    const sh = async (script: string): Promise<string> => {
      const ended = await ada(['sh', '-c', script]);
      expect(ended.exitCode, ended.stderr).toBe(0);
      return ended.stdout;
    };
    const show = async (unit: string, property: string) =>
      (await sh(`systemctl --user show --value --property=${property} ${unit}`)).trim();

    async function view(): Promise<TargetView> {
      const { stdout } = await ada([
        'curl',
        '-sfm20',
        '--unix-socket',
        `${HOME}/jh/run/daemon.sock`,
        'http://x/api/v1/state',
      ]);
      const snapshot: Snapshot = JSON.parse(stdout);
      const found = snapshot.targets.find(({ id }) => id === 'gateway');
      if (found === undefined) throw new Error('the gateway is not watched');
      return found;
    }
    const well = async () => {
      const seen = await view();
      return seen.state === 'working' && seen.incident === undefined && seen.process !== undefined ? seen : undefined;
    };
    const holder = async (): Promise<number> => {
      const { stdout } = await box.exec(['ss', '-Hltnp', `sport = :${PORT}`]);
      return Number(/pid=(\d+)/.exec(stdout)?.[1] ?? 0);
    };
    async function kill(pid: number, signal: string): Promise<void> {
      // 0 would be our own group.
      if (pid < 2) throw new Error(`no process to kill: ${pid}`);
      await box.exec(['kill', `-${signal}`, String(pid)]);
    }

    beforeAll(async () => {
      box = await bootBox();
      await box.addUser('ada');
      await box.exec(['chmod', '777', '/out']);
      await sh(install('clawdbot'));
      // As clawdbot's own: a wrapper whose child does the work, and KillMode=process.
      const command = `/usr/local/bin/node ${HOME}/.npm-global/lib/node_modules/clawdbot/clawdbot.mjs gateway --orphan`;
      const unit = ['[Service]', `ExecStart=${command}`, 'Restart=always', 'RestartSec=5', 'KillMode=process'];
      writeFileSync(join(box.out, 'clawdbot-gateway.service'), [...unit, 'RestartPreventExitStatus=78', ''].join('\n'));
      const times = {
        hungAfter: '5s',
        every: '1s',
        startGrace: '20s',
        policy: { retryEvery: '500ms', uncleanEnds: { most: 15 } },
      };
      const config = { services: { gateway: { preset: 'gateway', ...times } }, disk: [], memory: 'off' };
      writeFileSync(join(box.out, 'config.yaml'), JSON.stringify(config));
      await sh('cp /out/clawdbot-gateway.service ~/.config/systemd/user/ && systemctl --user daemon-reload');
      await sh('systemctl --user start clawdbot-gateway && mkdir -p -m 700 ~/jh && cp /out/config.yaml ~/jh/');
      await sh(`systemd-run --user --unit=jh --collect -- ${PROGRAM.join(' ')} start --foreground --home ~/jh`);
      await eventually('the gateway is well', () => well(), 60_000);
    }, 120_000);
    afterAll(() => box?.down());

    it('is found with its owner, by nothing but the preset', async () => {
      expect(await view()).toMatchObject({ owner: 'systemd (user unit clawdbot-gateway.service)', attempts: [] });
    });

    it('that restarts itself is left to systemd', async () => {
      const before = await holder();
      await kill(Number(await show('clawdbot-gateway', 'MainPID')), 'KILL');
      await kill(before, 'KILL');
      await eventually('systemd has restarted it', async () => {
        const now = await holder();
        return now !== 0 && now !== before ? now : undefined;
      });
      const after = await eventually('it is well', () => well());
      expect(after.attempts).toEqual([]);
      expect(await show('clawdbot-gateway', 'NRestarts')).toBe('1');
    });

    it('whose child hangs and would keep the port is well again after one attempt', async () => {
      const before = await holder();
      await kill(before, 'USR2');
      const after = await eventually(
        'another one has the port, and answers',
        async () => {
          const now = await holder();
          return now !== 0 && now !== before ? await well() : undefined;
        },
        90_000,
      );
      expect(after.attempts).toMatchObject([{ outcome: 'recovered', playbook: 'gateway-restart' }]);
      const alive = await box.exec(['kill', '-0', String(before)]);
      expect(alive.exitCode).not.toBe(0);
    }, 120_000);

    it('whose configuration is refused is not looped on, and is tried again by itself when that has changed', async () => {
      const config = '.clawdbot/clawdbot.json';
      const journal = 'journalctl --user --quiet --output=cat --unit=clawdbot-gateway';
      const refusals = async () => Number(await sh(`${journal} | grep -c 'configuration is refused' || true`));
      await sh(`cp ${config} ${config}.good && echo '{ gateway: { port: ${PORT} }, refused: 1 }' > ${config}`);
      await kill(await holder(), 'KILL');
      const alert = await eventually('an alert', async () => {
        const { alerts } = JSON.parse((await ada([...PROGRAM, 'alerts', '--json', '--home', `${HOME}/jh`])).stdout);
        return alerts.find(({ kind }: { kind: string }) => kind === 'failed');
      });
      expect(alert).toMatchObject({ next: expect.stringContaining('not tried again until the config changes') });
      expect(alert.evidence).toContain('the configuration is refused');
      const spent = (await view()).attempts.length;
      await sh(`mv ${config}.good ${config}`);
      await eventually('it is well', well, 60_000);
      expect((await view()).attempts).toHaveLength(spent);
      // One of systemd's, and one of ours where the file was seen to have changed after that had failed.
      expect(await refusals()).toBeLessThanOrEqual(2);
    }, 120_000);
  },
);
