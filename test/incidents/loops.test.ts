import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { eventually } from '../helpers/daemon.ts';
import { CONTAINER, withGateway } from '../helpers/gateway.ts';
import { fakeCli } from '../host/owners/fake-cli.ts';
import { byHealth, endMarked, explained, letLoose, measured, portOf } from './stage.ts';

describe.concurrent('incidents on record: what no restart can mend', () => {
  /*
   * openclaw #100072, #57391. The gateway ended with status 78, for its configuration was wrong. It was started again, and
   * again, each time with the same configuration.
   */
  test('a refused configuration is not looped on, and tried again when it has changed', async ({ onTestFinished }) => {
    const { daemon, fake } = await withGateway(onTestFinished, { flags: ['--exit-after', '300'] });
    const config = readFileSync(fake.configFile, 'utf8');
    writeFileSync(fake.configFile, `// refused\n${config}`);
    const naive = letLoose(onTestFinished, fake.env, byHealth(fake, ['--exit-after', '300']));
    const refused = () => naive.lines().filter((line) => line === 'ended 78').length;
    await eventually('it loops', () => refused() >= 4);
    measured('bad configuration', `${refused()} starts with a configuration that was refused`);
    expect(refused()).toBeGreaterThan(0);
    await naive.end();

    fake.forget();
    await daemon.start();
    await daemon.until('a person is told', async () => (await daemon.alerts()).find(({ kind }) => kind === 'failed'));
    expect(explained(daemon)).toContain('it refused its configuration; not tried again until the config changes');
    const starts = fake.lived('begins');
    expect(starts).toBeLessThanOrEqual(2);
    writeFileSync(fake.configFile, config);
    await daemon.well('gateway');
    expect(fake.lived('begins')).toBe(starts + 1);
  });
});

/* Whatever sets PATH for its stand-ins is told alone. */
describe('incidents on record: nobody is believed', () => {
  /*
   * As seen in our own trials of both gateways: `gateway restart --json` said `ok: true` while nothing had recovered. A
   * watchdog that restarts by it believes so, and does the same for ever.
   */
  test('an owner that says yes and does nothing is followed by the next step', async ({ onTestFinished }) => {
    const { daemon, fake } = await withGateway(onTestFinished, CONTAINER);
    const look = ['--tcp', String(portOf(fake)), '--every', '300', '--'];
    const restart = [process.execPath, fake.entry, 'gateway', 'restart', '--json'];
    const naive = letLoose(onTestFinished, fake.env, [...look, ...restart]);
    const lies = () => naive.lines().filter((line) => line === 'ended 0').length;
    await eventually('it has believed it thrice', () => lies() >= 3);
    measured('lying supervisor', `${lies()} restarts said ok, ${fake.lived('listens')} gateways came up`);
    expect(lies()).toBeGreaterThan(0);
    expect(fake.lived('listens')).toBe(0);
    await naive.end();

    fake.forget();
    fake.setCli('starts');
    // What its command line starts belongs to nobody.
    const started = `OPENCLAW_STATE_DIR=${fake.state}`;
    onTestFinished(async () => void (await eventually('no gateway is left', () => endMarked(started) === 0)));
    const docker = fakeCli(daemon.home, 'docker', CONTAINER);
    await daemon.start();
    const { steps } = await daemon.until('an attempt has ended', async () =>
      (await daemon.target('gateway')).attempts.find(({ outcome }) => outcome === 'not-recovered'),
    );
    expect(docker.calls()).toContain('docker start gateway');
    expect(steps).toMatchObject([
      { step: 1, result: 'failed' },
      { step: 2, result: 'done', verified: false },
    ]);
    // Its own command line said ok as well, once, and was not believed either.
    expect(fake.calls()).toHaveLength(1);
    expect(explained(daemon)).toContain('which ended with status 0, which says little');
    expect(explained(daemon)).toContain('done, and did not help');
  });

  /*
   * openclaw #71060, #89174. An update or a crash left the LaunchAgent booted out. `launchctl kickstart` of what is not
   * loaded fails, and was repeated for ever; nobody was told that the job itself was missing.
   */
  test('a LaunchAgent that is not loaded is told by name, and not kicked for ever', async ({ onTestFinished }) => {
    const rest = { start: undefined, unit: 'launchd:ai.openclaw.gateway', startGrace: '2s' };
    const { daemon, fake } = await withGateway(onTestFinished, { rest });
    const launchctl = fakeCli(daemon.home, 'launchctl', { says: undefined });
    const kick = ['launchctl', 'kickstart', '-k', `gui/${process.getuid?.()}/ai.openclaw.gateway`];
    const look = ['--tcp', String(portOf(fake)), '--every', '300', '--', ...kick];
    const naive = letLoose(onTestFinished, { ...fake.env, PATH: process.env['PATH'] ?? '' }, look);
    await eventually('it kicks', () => launchctl.calls().length >= 3);
    measured('launchd job unloaded', `${launchctl.calls().length} kicks at a job that is not there`);
    const kicks = launchctl.calls().length;
    expect(kicks).toBeGreaterThan(0);
    await naive.end();

    await daemon.start();
    const says = 'ai.openclaw.gateway is not loaded (it was booted out, or never installed)';
    await daemon.until('it says what is wrong', () => explained(daemon).includes(`On hold: ${says}`));
    expect((await daemon.target('gateway')).attempts).toEqual([]);
    expect(launchctl.calls()).toHaveLength(kicks);
  });
});
