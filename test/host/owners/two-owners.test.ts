import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { resetFailed } from '../../../actions/reset-failed.ts';
import { restartService } from '../../../actions/restart-service.ts';
import type { GatewayPlace } from '../../../src/core/gateway.ts';
import type { Owner } from '../../../src/core/owner.ts';
import { askWhoOwns } from '../../../src/host/owners/owned.ts';
import { lookAt } from '../../../src/host/processes.ts';
import { context, endLater, folder, identityOf } from '../../actions/act.ts';
import { startProgram } from '../../fixtures/start.ts';
import { fakeCli } from './fake-cli.ts';
import { fakeSystemctl } from './fake-systemctl.ts';

const exit1 = { Result: 'exit-code', ExecMainCode: '1', ExecMainStatus: '1' };
const failed = { ActiveState: 'failed', SubState: 'failed', Restart: 'no', ...exit1 };
const docker: Owner = { kind: 'container', engine: 'docker', name: 'hub' };

/** What a process prints that runs under a stand-in for pm2's daemon, and the script that it runs. */
async function underPm2() {
  const root = await folder();
  const match = `${basename(root)}.mjs`;
  const script = join(root, match);
  writeFileSync(script, "console.log('child', process.pid); setInterval(() => {}, 1e6);");
  const daemon = `
    process.title = 'PM2 v7.0.4: God Daemon (${root})';
    const env = { ...process.env, name: 'mine', pm_id: '3' };
    require('node:child_process').spawn(process.execPath, ['${script}'], { env, stdio: 'inherit' });
  `;
  const started = await startProgram(process.execPath, ['-e', daemon, ' '.repeat(300)], { ready: false });
  onTestFinished(started.stop);
  const pid = Number((await started.line(/child (\d+)/))[1]);
  const child = await identityOf(pid);
  endLater(child);
  writeFileSync(join(root, 'pm2.pid'), String(started.pid));
  const listed = (own: number) =>
    JSON.stringify([{ name: 'mine', pm_id: 3, pid: own, pm2_env: { status: 'online', exit_code: 0 } }]);
  const pm2 = fakeCli(root, 'pm2', { says: listed(pid), afterwards: listed(process.ppid) });
  return { root, match, child, pm2 };
}

async function restart(root: string, match: string, over: Parameters<typeof context>[1], unit?: string) {
  const options = { service: 'hub', unit, match, env: {}, logFile: '/dev/null', stopGraceMs: 100 };
  return await restartService.run({ ...options, hungStopGraceMs: 100, settleMs: 100 }, context(root, over));
}

describe.skipIf(process.platform !== 'linux')(
  'a service that runs under another owner (SKIPPED off Linux: needs /proc)',
  () => {
    test('than the one a person has named is left alone, and the person is told', async () => {
      const { root, match, child, pm2 } = await underPm2();
      const { calls } = fakeSystemctl(root, failed, { afterwards: { ActiveState: 'active', MainPID: '1' } });
      for (const reason of ['silent', 'gone'] as const) {
        const { outcome, trouble } = await restart(root, match, { reason, tracked: undefined }, 'hub.service');
        expect({ outcome, code: trouble?.code }).toEqual({ outcome: 'refused', code: 'OWNER_IS_ANOTHER' });
        expect(trouble?.message).toContain('runs under pm2 (mine), which would start it again beside hub.service');
      }
      expect(lookAt(child)).not.toBe('gone');
      expect([...calls(), ...pm2.calls()]).toEqual([]);
    });

    test('than the one that it had before is restarted by the one it runs under', async () => {
      const { root, match, child, pm2 } = await underPm2();
      const says = JSON.stringify([{ Id: 'c0ffee', Name: '/hub', State: { Status: 'dead' } }]);
      const engine = fakeCli(root, 'docker', { says });
      const { outcome, did } = await restart(root, match, { reason: 'failing', owner: docker });
      expect({ outcome, did }).toEqual({ outcome: 'done', did: ['asked pm2 to restart mine'] });
      expect([...engine.calls(), ...pm2.calls()]).toEqual(['pm2 restart 3 --silent']);
      expect(lookAt(child)).not.toBe('gone');
    });

    test('than anybody knew is restarted by that one, also when the owner before it is no more', async () => {
      const { root, match, pm2 } = await underPm2();
      fakeCli(root, 'docker', { says: undefined });
      const { outcome, did } = await restart(root, match, { reason: 'failing' });
      expect({ outcome, did }).toEqual({ outcome: 'done', did: ['asked pm2 to restart mine'] });
      expect(pm2.calls()).toEqual(['pm2 restart 3 --silent']);
    });

    test('than the unit that systemd has given up is not started beside it', async () => {
      const { root, match } = await underPm2();
      const { calls } = fakeSystemctl(root, { ...failed, Result: 'start-limit-hit', Restart: 'always' });
      const outcome = await resetFailed.run({ service: 'hub', unit: 'hub.service', match }, context(root));
      expect(outcome).toMatchObject({ outcome: 'refused', trouble: { code: 'OWNER_IS_ANOTHER' } });
      expect(calls()).toEqual([]);
    });
  },
);

test('the owner that was found last comes before the one that a process was found under', async () => {
  const root = await folder();
  const says = JSON.stringify([{ Name: '/hub', State: { Status: 'dead' } }]);
  const { calls } = fakeCli(root, 'docker', { says, afterwards: says.replace('dead', 'running') });
  const gone = { pid: 4_194_000, startToken: 'x:1', command: 'hub', cwd: undefined, hadTerminal: false };
  const tracked = { ...gone, proven: true, ownGroup: undefined, owner: { ...docker, name: 'before' } };
  await restart(root, 'nothing-matches-this', { owner: docker, tracked });
  expect(calls()).toEqual(['docker start hub']);
});

describe('the owner of a gateway', () => {
  const place: GatewayPlace = {
    ...{ brand: 'openclaw', stateFolder: '/x', configFile: '/x/y', lockFolders: [], port: 19_001 },
    unit: 'openclaw-gateway.service',
  };
  const askedOwner = async (found: Owner | undefined) => {
    const owned = await askWhoOwns({ gateway: place }, found);
    return owned !== undefined && 'owner' in owned ? owned : undefined;
  };

  test('is the one it was seen to run under, and else the unit that its installer made', async () => {
    const root = await folder();
    const { say } = fakeCli(root, 'docker', { says: JSON.stringify([{ Name: '/hub', State: { Status: 'running' } }]) });
    fakeSystemctl(root, failed);
    expect(await askedOwner(docker)).toMatchObject({ owner: docker, isNamed: false });
    const installed = { kind: 'systemd', scope: 'user', unit: 'openclaw-gateway.service' };
    expect(await askedOwner(undefined)).toMatchObject({ owner: installed, isNamed: false });
    say({ says: undefined });
    expect((await askedOwner(docker))?.owner).toMatchObject(installed);
  });

  test('that is no more, with no unit of its installer either, is said to be missing', async () => {
    const root = await folder();
    fakeCli(root, 'docker', { says: undefined });
    fakeSystemctl(root, { LoadState: 'not-found', ActiveState: 'inactive' });
    expect(await askedOwner(docker)).toMatchObject({ owner: docker, sight: { state: 'missing' } });
  });
});
