import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { listProcesses } from '../../src/host/processes.ts';
import { eventually } from '../helpers/daemon.ts';
import { withGateway } from '../helpers/gateway.ts';
import { endMarked, explained, letLoose, lockPid, measured, pidOf, portOf } from './stage.ts';

const childOf = async (pid: number): Promise<number> =>
  (await listProcesses()).find(({ ppid }) => ppid === pid)?.pid ?? 0;

describe.concurrent('incidents on record: alive and of no use', () => {
  /*
   * openclaw #56733, #149538, #71127, #78915. The event loop stood still: the kernel went on accepting connections, the
   * process was there, and nobody was answered for hours. Supervisors and watchdogs that look at the pid or at the port saw
   * nothing wrong.
   */
  test('a gateway that hangs is seen, ended and started, once', async ({ onTestFinished }) => {
    const { daemon, fake } = await withGateway(onTestFinished);
    await daemon.start();
    const before = pidOf(await daemon.well('gateway'));
    const look = ['--tcp', String(portOf(fake)), '--every', '200', '--kill', `${fake.state}/none`];
    const naive = letLoose(onTestFinished, fake.env, look);
    await eventually('it looks', () => naive.count('well') > 0);
    process.kill(before, 'SIGUSR2');
    const from = naive.count('well');
    const after = await daemon.well('gateway', before);
    // The same hang, seen by both: what it called well until we had ended it.
    await naive.end();
    const fooled = naive.count('well') - from;
    measured('alive but hung', `${fooled} looks at the hung one said well`);
    expect(fooled).toBeGreaterThan(0);
    expect(after.attempts).toMatchObject([{ outcome: 'recovered', playbook: 'gateway-restart' }]);
    expect([fake.lived('begins'), fake.lived('listens'), fake.lived('port-taken')]).toEqual([2, 2, 0]);
    const why = explained(daemon);
    expect(why).toContain('class "hung": accepts connections and gives no answer within');
    expect(why).toContain(`stopped openclaw-gateway (pid ${before})`);
  });

  /*
   * openclaw #75115, #33103, #58306. What was restarted was the wrapper. Its child lived on, hung, and held the port; every new
   * gateway found the port taken and ended, and was started again.
   */
  test('what holds the port is ended with its gateway, and nothing storms', async ({ onTestFinished }) => {
    const { daemon, fake } = await withGateway(onTestFinished, { brand: 'clawdbot', flags: ['--orphan'] });
    const pidFile = join(fake.state, 'wrapper.pid');
    const keepsPid = ['sh', '-c', `echo $$ >'${pidFile}'; exec "$@"`, 'sh', process.execPath, fake.entry];
    const look = ['--http', `http://127.0.0.1:${portOf(fake)}/`, '--kill', pidFile, '--every', '1500'];
    const naive = letLoose(onTestFinished, fake.env, [...look, '--', ...keepsPid, 'gateway', '--orphan']);
    const hung = await eventually('it is up', () => (naive.count('well') > 0 ? lockPid(fake) : undefined));
    process.kill(hung, 'SIGUSR2');
    await eventually('its restarts find the port taken', () => fake.lived('port-taken') >= 3);
    measured('held port', `${fake.lived('port-taken')} gateways started on a held port`);
    expect(fake.lived('port-taken')).toBeGreaterThan(0);
    await naive.end();

    fake.forget();
    await daemon.start();
    const wrapper = pidOf(await daemon.well('gateway'));
    const child = await childOf(wrapper);
    process.kill(child, 'SIGUSR2');
    const after = await daemon.well('gateway', wrapper);
    expect(after.attempts).toMatchObject([{ outcome: 'recovered' }]);
    expect(fake.lived('port-taken')).toBe(0);
    expect((await listProcesses()).some(({ pid }) => pid === child)).toBe(false);
    expect(explained(daemon)).toContain(`stopped clawdbot (pid ${wrapper})`);
  });

  /*
   * openclaw #11257, #23887. The wrapper was killed and its child lived on, answering. Whoever followed the pid saw a dead
   * gateway and started a second one, and a third. Here that is also: a service that answers 200 while its tracked process is gone.
   */
  test('an orphan that answers is the gateway, and gets no second one beside it', async ({ onTestFinished }) => {
    const { daemon, fake } = await withGateway(onTestFinished, { brand: 'clawdbot', flags: ['--orphan'] });
    const mark = `ORPHANS=${fake.state}`;
    onTestFinished(async () => void (await eventually('no orphan', () => endMarked(mark) === 0)));
    const argv = [fake.entry, 'gateway', '--orphan'];
    const env = { ...process.env, ...fake.env, ORPHANS: fake.state };
    const first = spawn(process.execPath, argv, { env, stdio: 'ignore' });
    await eventually('it listens', () => fake.lived('listens') === 1);
    writeFileSync(join(fake.state, 'wrapper.pid'), String(first.pid));
    first.kill('SIGKILL');
    const look = ['--alive', join(fake.state, 'wrapper.pid'), '--every', '500', '--', process.execPath, ...argv];
    const naive = letLoose(onTestFinished, fake.env, look);
    await eventually('a second one, and a third', () => fake.lived('port-taken') >= 2);
    measured('orphans', `${fake.lived('port-taken')} gateways started beside one that answered`);
    expect(fake.lived('port-taken')).toBeGreaterThan(0);
    await naive.end();
    await eventually('the orphan is gone', () => endMarked(mark) === 0);

    fake.forget();
    await daemon.start();
    const wrapper = pidOf(await daemon.well('gateway'));
    const child = await childOf(wrapper);
    process.kill(wrapper, 'SIGKILL');
    const after = await daemon.well('gateway', wrapper);
    expect(pidOf(after)).toBe(child);
    expect(after.attempts).toEqual([]);
    expect([fake.lived('begins'), fake.lived('port-taken')]).toEqual([1, 0]);
    expect(explained(daemon)).toContain(`clawdbot-gateway (pid ${child}) runs`);
  });
});
