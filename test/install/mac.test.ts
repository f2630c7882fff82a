import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { run as install } from '../../src/cli/install.ts';
import { run as uninstall } from '../../src/cli/uninstall.ts';
import { findInstalled } from '../../src/install/host.ts';
import { startSteps, stopSteps } from '../../src/install/plan-install.ts';
import { sayStep } from '../../src/install/steps.ts';
import { aMac } from './mac.ts';

const plist = 'Library/LaunchAgents/local.jarvis-health.plist';
const job = 'gui/501/local.jarvis-health';
const load = [`enable ${job}`, `bootstrap gui/501 ~/${plist}`];

describe('install on a Mac', () => {
  it('writes the agent, loads it, and the second time changes nothing', async ({ onTestFinished }) => {
    const mac = await aMac(onTestFinished);
    expect(await install(mac.context, [], {}, mac.host)).toBe(0);
    expect(mac.told()).toEqual(load);
    expect(statSync(mac.at(plist)).mode & 0o777).toBe(0o644);
    expect(statSync(mac.at('jarvis-health/logs')).mode & 0o777).toBe(0o700);
    expect(mac.said()).toContain('starts it again when it ends, and starts it when you log in');

    expect(await install(mac.context, [], {}, mac.host)).toBe(0);
    expect(mac.told()).toEqual([]);
    expect(mac.said()).toContain('nothing was changed');
  });

  it('loads it anew when the file or the program has changed, and is patient with a job that is still ending', async ({
    onTestFinished,
  }) => {
    const mac = await aMac(onTestFinished);
    await install(mac.context, [], {}, mac.host);
    mac.told();
    writeFileSync(mac.at(plist), readFileSync(mac.at(plist), 'utf8').replace('Interactive', 'Background'));
    writeFileSync(mac.at('launchctl/ending'), 'once\n');
    await install(mac.context, [], {}, mac.host);
    expect(mac.told()).toEqual([`bootout ${job}`, ...load, load[1]]);
    mac.running.version = '0.0.1';
    await install(mac.context, [], {}, mac.host);
    expect(mac.told()).toEqual([`bootout ${job}`, ...load]);
    expect(readFileSync(mac.at(plist), 'utf8')).toContain('Interactive');
  });

  it('loads a job that somebody had disabled', async ({ onTestFinished }) => {
    const mac = await aMac(onTestFinished);
    mkdirSync(mac.at('launchctl/disabled'));
    writeFileSync(mac.at('launchctl/disabled/local.jarvis-health'), '');
    expect(await install(mac.context, [], {}, mac.host)).toBe(0);
  });

  it('with --dry-run writes nothing and tells nobody', async ({ onTestFinished }) => {
    const mac = await aMac(onTestFinished);
    expect(await install(mac.context, [], { dryRun: true }, mac.host)).toBe(0);
    const said = mac.said();
    expect(said).toContain('<key>AbandonProcessGroup</key>');
    expect(said).toContain(`run launchctl bootstrap gui/501 ${mac.at(plist)}`);
    expect(mac.told()).toEqual([]);
    expect(existsSync(mac.at(plist))).toBe(false);
  });

  it('says what to do where nobody is logged in at the screen', async ({ onTestFinished }) => {
    const mac = await aMac(onTestFinished);
    writeFileSync(mac.at('launchctl/no-domain'), '');
    await expect(install(mac.context, [], {}, mac.host)).rejects.toMatchObject({
      code: 'SUPERVISOR_MISSING',
      hint: expect.stringContaining('--system'),
    });
    expect(existsSync(mac.at(plist))).toBe(false);
  });

  it('leaves a file of somebody else and the agent of another home folder alone', async ({ onTestFinished }) => {
    const mac = await aMac(onTestFinished);
    await install(mac.context, [], {}, mac.host);
    await expect(install({ ...mac.context, home: mac.at('other') }, [], {}, mac.host)).rejects.toMatchObject({
      code: 'INSTALLED_ELSEWHERE',
      hint: expect.stringContaining(`--home ${mac.home} uninstall`),
    });
    writeFileSync(mac.at(plist), '<plist/>');
    await expect(install(mac.context, [], {}, mac.host)).rejects.toMatchObject({ code: 'INSTALLED_ELSEWHERE' });
    await expect(uninstall(mac.context, [], {}, mac.host)).rejects.toMatchObject({ code: 'INSTALLED_ELSEWHERE' });
    expect(readFileSync(mac.at(plist), 'utf8')).toBe('<plist/>');
  });

  it('is refused when the config is right only with what this shell exports', async ({ onTestFinished }) => {
    const mac = await aMac(onTestFinished);
    const config = `services:\n  web: { http: "http://127.0.0.1:$\{PORT}/" }\n`;
    writeFileSync(`${mac.home}/config.yaml`, config, { mode: 0o600 });
    const env = { ...mac.context.env, PORT: '3000' };
    await expect(install({ ...mac.context, env }, [], {}, mac.host)).rejects.toMatchObject({
      message: expect.stringContaining('not without what this shell exports'),
    });
    expect(mac.told()).toEqual([]);
    expect(existsSync(mac.at(plist))).toBe(false);
  });

  it('says which program and which setting the daemon will not find', async ({ onTestFinished }) => {
    const mac = await aMac(onTestFinished);
    const secret = `headers: { authorization: "$\{TOKEN}" }`;
    const config = `services:\n  web: { http: { url: "http://127.0.0.1:1/", ${secret} }, start: [launchctl, x] }\n`;
    writeFileSync(`${mac.home}/config.yaml`, config, { mode: 0o600 });
    vi.stubEnv('PATH', `${mac.at('bin')}:${process.env['PATH']}`);
    onTestFinished(() => void vi.unstubAllEnvs());
    const env = { ...mac.context.env, JARVIS_HEALTH_POLICY_MODE: 'observe', TOKEN: 'x' };
    await install({ ...mac.context, env }, [], {}, mac.host);
    const said = mac.said();
    expect(said).toMatch(/services\.web\.start begins with launchctl, .* of the daemon \(.*\): give its whole path\./);
    expect(said).toContain('which is not set in the environment of the daemon.');
    expect(said).toContain('JARVIS_HEALTH_POLICY_MODE is set in this shell only');
  });

  it('for the whole host names the user, whose folders it uses', async ({ onTestFinished }) => {
    const mac = await aMac(onTestFinished);
    const options = { system: true, user: 'bob', dryRun: true };
    await install(mac.context, [], options, mac.host);
    const said = mac.said();
    expect(said).toContain('<key>UserName</key>\n  <string>bob</string>');
    expect(said).toContain('<string>/Users/bob</string>');
    expect(said).toContain('run launchctl bootstrap system /Library/LaunchDaemons/local.jarvis-health.plist');
    await expect(install(mac.context, [], { ...options, user: 'nobody-here' }, mac.host)).rejects.toMatchObject({
      code: 'USAGE',
    });
  });

  it('is for root only with --system, and for nobody by way of sudo without it', async ({ onTestFinished }) => {
    const mac = await aMac(onTestFinished);
    await expect(install(mac.context, [], { system: true }, mac.host)).rejects.toMatchObject({ code: 'NOT_PERMITTED' });
    const sudo = { ...mac.context, env: { ...mac.context.env, SUDO_USER: 'ada' } };
    await expect(install(sudo, [], {}, { ...mac.host, uid: 0 })).rejects.toMatchObject({ code: 'USAGE' });
  });
});

describe('the agent of a Mac', () => {
  it('is stopped by taking it out and started by putting it in, as launchd restarts all else', async ({
    onTestFinished,
  }) => {
    const mac = await aMac(onTestFinished);
    expect(await findInstalled(mac.host, mac.home)).toBeUndefined();
    await install(mac.context, [], {}, mac.host);
    const { place, sight } = (await findInstalled(mac.host, mac.home)) ?? expect.fail('is not found');
    expect(sight).toMatchObject({ active: true, atBoot: true, mainPid: 4242, restarts: 2, exitStatus: 78 });
    const words = (steps: ReturnType<typeof stopSteps>) =>
      steps.map((step) => sayStep(step, false).replace('run ', ''));
    const out = `launchctl bootout ${job}`;
    const into = [`launchctl enable ${job}`, `launchctl bootstrap gui/501 ${mac.at(plist)}`];
    expect(words(stopSteps(place))).toEqual([out]);
    expect(words(startSteps(place, sight, false))).toEqual([]);
    expect(words(startSteps(place, sight, true))).toEqual([out, ...into]);
    expect(words(startSteps(place, { ...sight, active: false }, false))).toEqual(into);
  });
});

describe('uninstall on a Mac', () => {
  it('takes the agent out, keeps the home folder, and the second time changes nothing', async ({ onTestFinished }) => {
    const mac = await aMac(onTestFinished);
    await install(mac.context, [], {}, mac.host);
    mac.told();
    mac.said();
    expect(await uninstall(mac.context, [], {}, mac.host)).toBe(0);
    expect(mac.told()).toEqual([`bootout ${job}`]);
    expect(mac.said()).toContain(`stay in ${mac.home}`);
    expect(existsSync(mac.at(plist))).toBe(false);
    expect(existsSync(mac.home)).toBe(true);

    expect(await uninstall(mac.context, [], {}, mac.host)).toBe(0);
    expect(mac.told()).toEqual([]);
    expect(mac.said()).toContain('nothing was changed');
  });

  it('leaves the agent of another home folder alone, unless it is forced', async ({ onTestFinished }) => {
    const mac = await aMac(onTestFinished);
    await install(mac.context, [], {}, mac.host);
    mac.told();
    const other = { ...mac.context, home: mac.at('other') };
    expect(await findInstalled(mac.host, other.home)).toBeUndefined();
    for (const options of [{}, { dryRun: true }])
      await expect(uninstall(other, [], options, mac.host)).rejects.toMatchObject({
        code: 'INSTALLED_ELSEWHERE',
        hint: `To take that one away: jarvis-health --home ${mac.home} uninstall`,
      });
    expect(mac.told()).toEqual([]);
    expect(existsSync(mac.at(plist))).toBe(true);
    expect(await uninstall(other, [], { force: true }, mac.host)).toBe(0);
    expect(existsSync(mac.at(plist))).toBe(false);
  });
});
