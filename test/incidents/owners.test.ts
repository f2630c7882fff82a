import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Snapshot, TargetView } from '../../src/core/snapshot.ts';
import { type Box, bootBox, whyNoBox } from '../box/boot-box.ts';
import { eventually } from '../helpers/daemon.ts';
import { measured } from './stage.ts';

const why = whyNoBox();
const PROGRAM = ['node', '/jarvis-health/bin/jarvis-health.js'];

describe.skipIf(why !== undefined)(
  `incidents on record: two who supervise${why === undefined ? '' : ` (SKIPPED: ${why})`}`,
  () => {
    let box: Box;
    beforeAll(async () => {
      box = await bootBox();
      await box.exec(['chmod', '777', '/out']);
    }, 60_000);
    afterAll(() => box?.down());

    /** A user whose gateway is a unit of systemd, with a daemon of their own. */
    async function resident(name: string, port: number, watchdog: boolean) {
      await box.addUser(name);
      const home = `/home/${name}`;
      const sh = async (script: string): Promise<string> => {
        const { exitCode, stdout, stderr } = await box.exec(['sh', '-c', script], { user: name });
        expect(exitCode, stderr).toBe(0);
        return stdout.trim();
      };
      const pack = `${home}/.npm-global/lib/node_modules/openclaw`;
      const command = `/usr/local/bin/node ${pack}/openclaw.mjs gateway`;
      const unit = [
        '[Service]',
        `ExecStart=${command}`,
        'Restart=always',
        'RestartSec=3',
        'StartLimitIntervalSec=0',
        '',
      ];
      writeFileSync(join(box.out, `${name}.service`), unit.join('\n'));
      const times = { hungAfter: '5s', every: '1s', startGrace: '20s', policy: { retryEvery: '500ms' } };
      const config = { services: { gateway: { preset: 'gateway', ...times } }, disk: [], memory: 'off' };
      writeFileSync(join(box.out, `${name}.json`), JSON.stringify(config));
      await sh(`set -e
        mkdir -p ${pack} .npm-global/bin .openclaw .config/systemd/user && mkdir -p -m 700 jh
        echo '{"name":"openclaw","version":"2026.9.6","type":"module"}' > ${pack}/package.json
        printf '#!/usr/bin/env node\\nimport "/jarvis-health/test/fixtures/gateway/main.mjs";\\n' > ${pack}/openclaw.mjs
        chmod +x ${pack}/openclaw.mjs && ln -sf ${pack}/openclaw.mjs .npm-global/bin/openclaw
        echo '{ gateway: { port: ${port} } }' > .openclaw/openclaw.json
        cp /out/${name}.service .config/systemd/user/openclaw-gateway.service && cp /out/${name}.json jh/config.yaml
        systemctl --user daemon-reload && systemctl --user start openclaw-gateway`);
      const lived = async (what: string) => Number(await sh(`grep -c '^${what} ' .openclaw/life || true`));
      await eventually('it listens', async () => (await lived('listens')) === 1);
      const naive = ['node', '/jarvis-health/test/fixtures/naive-watchdog.mjs', '--every', '500'];
      const lock = '.openclaw/tmp/openclaw-$(id -u)/gateway.state.lock';
      const look = `--http http://127.0.0.1:${port}/healthz --kill ${lock} -- ${command}`;
      const run = 'systemd-run --user --collect';
      if (watchdog)
        await sh(`${run} --unit=naive -p KillMode=process -- sh -c "exec ${naive.join(' ')} ${look} > said"`);
      else await sh(`${run} --unit=jh -- ${PROGRAM.join(' ')} start --foreground --home ~/jh`);

      async function view(): Promise<TargetView> {
        const curl = ['curl', '-sfm20', '--unix-socket', `${home}/jh/run/daemon.sock`, 'http://x/api/v1/state'];
        const snapshot: Snapshot = JSON.parse((await box.exec(curl, { user: name })).stdout);
        const [gateway] = snapshot.targets;
        if (gateway === undefined) throw new Error('the gateway is not watched');
        return gateway;
      }
      const show = async (property: string) =>
        await sh(`systemctl --user show --value --property=${property} openclaw-gateway`);
      return {
        sh,
        lived,
        show,
        kill: async (signal: string) => await sh(`kill -${signal} ${await show('MainPID')}`),
        well: async (): Promise<TargetView> =>
          await eventually('it is well', async () => {
            const seen = await view();
            return seen.state === 'working' && seen.incident === undefined && seen.process !== undefined
              ? seen
              : undefined;
          }),
        explained: async () => (await sh(`${PROGRAM.join(' ')} explain gateway --home ~/jh`)).replaceAll(/\s+/g, ' '),
      };
    }

    /*
     * openclaw #82248, #89867. systemd restarts what ended, after a moment. A watchdog did not wait for that moment and did
     * not ask, and started a copy of its own; the unit then found its port taken, and was restarted without end.
     */
    it('what systemd restarts by itself is left to systemd, and no second copy is started', async () => {
      const [ada, bob] = await Promise.all([resident('ada', 18_789, true), resident('bob', 28_789, false)]);
      await eventually('it looks', async () => Number(await ada.sh('grep -c ^well said || true')) > 0);
      await ada.kill('KILL');
      const fights = () => ada.lived('port-taken');
      await eventually('the unit and the copy fight', async () => (await fights()) >= 2);
      const harm = await fights();
      measured('two supervisors', `${harm} gateways ended on the port of the other's`);
      expect(harm).toBeGreaterThan(0);
      await ada.sh('systemctl --user stop naive openclaw-gateway');

      const before = await bob.well();
      await bob.kill('KILL');
      await eventually('systemd has restarted it', async () => (await bob.show('NRestarts')) === '1');
      await eventually('it listens', async () => (await bob.lived('listens')) === 2);
      const after = await bob.well();
      expect(after.process?.pid).not.toBe(before.process?.pid);
      expect(after.attempts).toEqual([]);
      expect([await bob.lived('begins'), await bob.lived('port-taken')]).toEqual([2, 0]);
      expect(await bob.explained()).toContain('systemd (user unit openclaw-gateway.service)');
    });

    /*
     * openclaw #56733, #149538 once more, with the owner that most have. systemd restarts what ends; what hangs does not end.
     */
    it('what hangs under systemd, which sees nothing, is ended through systemd', async () => {
      const cy = await resident('cy', 38_789, false);
      const before = await cy.well();
      await cy.kill('USR2');
      const after = await eventually('another answers', async () => {
        const seen = await cy.well();
        return seen.process?.pid === before.process?.pid ? undefined : seen;
      });
      expect(after.attempts).toMatchObject([{ outcome: 'recovered', playbook: 'gateway-restart' }]);
      expect([await cy.lived('begins'), await cy.lived('port-taken')]).toEqual([2, 0]);
      expect(await cy.explained()).toContain('class "hung": accepts connections and gives no answer');
    });
  },
);
