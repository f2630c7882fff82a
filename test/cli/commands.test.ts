import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { serveOperations } from '../../src/http/server.ts';
import { renderDataFile } from '../../src/page/render.ts';
import { memoryOperations } from '../http/operations.ts';
import { broken, calm, empty, hostile, NOW } from '../text/samples.ts';
import { type Ran, run } from './run.ts';

let home: string;
let bin: string;
let close: (() => Promise<void>) | undefined;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'jh-cli-'));
  mkdirSync(join(home, 'run'), { recursive: true });
  // As after `npm link`: hints name the program by what can be typed.
  bin = mkdtempSync(join(tmpdir(), 'jh-bin-'));
  writeFileSync(join(bin, 'jarvis-health'), '');
  vi.stubEnv('PATH', `${bin}:${process.env.PATH}`);
  vi.stubEnv('LANG', 'C.UTF-8');
  vi.stubEnv('LC_ALL', '');
});

afterEach(async () => {
  await close?.();
  close = undefined;
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true });
  rmSync(bin, { recursive: true, force: true });
});

/** For a home folder of its own, which every hint names: taken out, so that what is expected can be written down. */
async function jh(...args: readonly string[]): Promise<Ran> {
  const { code, out, err } = await run('--home', home, ...args);
  const plain = (text: string) => text.replaceAll(` --home ${home}`, '');
  return { code, out: plain(out), err: plain(err) };
}

async function daemon(snapshot: () => Snapshot = broken): Promise<string[]> {
  const { operations, asked } = memoryOperations({ snapshot });
  ({ close } = await serveOperations({ socketPath: join(home, 'run/daemon.sock'), operations }));
  return asked;
}

const user = expect.stringMatching(/ by \S/);

describe('status', () => {
  it.each([
    ['calm', calm, 0, '✔ Everything works'],
    ['broken', broken, 2, '✖ hub is down'],
    ['not looked yet', empty, 3, '… First check is running'],
  ] as const)('of a host that is %s exits on the Nagios scale', async (_, snapshot, code, line) => {
    await daemon(snapshot);
    const ran = await jh('status');
    expect(ran).toMatchObject({ code, err: '' });
    expect(ran.out.split('\n')[0]).toBe(line);
  });

  it('stays critical while the trouble is paused or acknowledged', async () => {
    await daemon(() => ({ ...broken(), verdict: { ...broken().verdict, state: 'acknowledged' } }));
    expect((await jh('status')).code).toBe(2);
  });

  it('of a dead daemon shows its last words and says what they are, exit 3', async () => {
    writeFileSync(join(home, 'health-data.js'), renderDataFile(calm()));
    const ran = await jh('status');
    expect(ran.code).toBe(3);
    expect(ran.out).toMatch(/^\? The health daemon is not running, data from .*13:17/);
    expect(JSON.parse((await jh('status', '--json')).out)).toMatchObject({ running: false, snapshot: { schema: 1 } });
  });

  it('of a home where nothing ever ran says so, exit 3', async () => {
    const ran = await jh('status');
    expect(ran.code).toBe(3);
    expect(ran.out).toContain('jarvis-health start');
    expect((await jh('status', '--json')).code).toBe(3);
  });

  it('takes a torn file for none', async () => {
    writeFileSync(join(home, 'health-data.js'), renderDataFile(calm()).slice(0, 400));
    expect((await jh('status')).out).toContain('No data');
  });

  it('with --json is one document that no terminal obeys', async () => {
    await daemon(hostile);
    const { out } = await jh('status', '--json');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: looking for them
    expect(out).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]/);
    expect(JSON.parse(out)).toMatchObject({ running: true, snapshot: { verdict: { state: 'down' } } });
  });
});

describe('commands that tell the daemon something', () => {
  it.each([
    [
      ['hold', 'hub', '--for', '30m', '--reason', 'moving', '--silent'],
      'hold hub for 1800000 because moving silent=true',
    ],
    [['hold', 'all'], 'hold all for 1800000 because silent=false'],
    [['release', 'hub'], 'release hub'],
    [['silence', 'hub', '--for', '1h30m'], 'silence hub for 5400000'],
    [['unsilence', 'hub'], 'unsilence hub'],
    [['incidents', 'ack', '17'], 'ack 17'],
    [['incidents', 'stop', '#17'], 'stop 17'],
    [['alerts', 'ack', 'al-3'], 'ack alert al-3'],
    [['recover', 'hub', '--dry-run'], 'recover hub dryRun=true force=false'],
    [['recover', 'hub', '--force', '--no-wait'], 'recover hub dryRun=false force=true'],
  ])('%j', async (args, want) => {
    const asked = await daemon();
    const ran = await jh(...args);
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(ran.out).toContain(want);
    expect(asked).toEqual([user]);
    expect(asked[0]?.replace('  ', ' ')).toContain(want);
  });

  it('say what a dry run would do', async () => {
    await daemon();
    expect((await jh('recover', 'hub', '--dry-run')).out).toContain('\n  kill -TERM 812\n');
  });

  it('pass a refusal on with its code and what to do next', async () => {
    await daemon();
    const ran = await jh('release', 'hbu');
    expect(ran).toEqual({
      code: 64,
      out: '',
      err: 'TARGET_UNKNOWN There is no target "hbu".\nnext: Known targets: hub.\n',
    });
    expect(JSON.parse((await jh('release', 'hbu', '--json')).err)).toMatchObject({
      code: 'TARGET_UNKNOWN',
      hint: 'Known targets: hub.',
    });
  });

  it('end with 69 when no daemon runs', async () => {
    for (const args of [['hold', 'hub'], ['recover', 'hub'], ['explain', 'hub'], ['incidents']]) {
      expect(await jh(...args)).toMatchObject({
        code: 69,
        out: '',
        err: expect.stringContaining('jarvis-health start'),
      });
    }
  });
});

describe('what was and why', () => {
  it('explain says why, and suggests the name that was meant', async () => {
    await daemon();
    expect((await jh('explain', 'hub')).out).toContain('Judged so because');
    expect(await jh('explain', 'hbu')).toMatchObject({ code: 64, err: expect.stringContaining('Did you mean hub?') });
  });

  it('explain of what a refused config would add says that it was refused', async () => {
    const configRefused = 'config.yaml is refused (line 3)';
    await daemon(() => ({ ...broken(), daemon: { ...broken().daemon, configRefused } }));
    const { code, err } = await jh('explain', 'newcomer');
    expect(code).toBe(64);
    expect(err).toContain('config.yaml is refused (line 3), so what it adds is not watched');
  });

  it('incidents lists, shows one, and knows what it does not have', async () => {
    await daemon();
    expect((await jh('incidents')).out).toContain('Auto-fixed');
    expect((await jh('incidents', 'show', '17')).out).toContain('Attempt 1 of 3');
    expect(JSON.parse((await jh('incidents', '--json')).out)).toHaveLength(2);
    expect((await jh('incidents', 'show', '99')).code).toBe(64);
    expect((await jh('incidents', 'show')).code).toBe(64);
  });

  it('alerts take gives each alert once', async () => {
    await daemon();
    expect(JSON.parse((await jh('alerts', 'take', '--json')).out)).toMatchObject({
      version: 1,
      alerts: [{ id: 'al-3' }],
    });
    expect((await jh('alerts', 'take')).out).toBe('No alert is pending.\n');
  });

  it('alerts of a home without a daemon are none, and nothing is made there', async () => {
    expect(await jh('alerts', 'take', '--json')).toMatchObject({ code: 0 });
  });
});

describe('a wrong command line', () => {
  it.each([
    [['stattus'], 'Did you mean status?'],
    [['status', '--jsno'], 'Did you mean --json?'],
    [['explain'], 'See: jarvis-health explain --help'],
    [['incidents', 'sohw'], 'incidents takes list, show, ack or stop, not "sohw".\nnext: Did you mean show?'],
    [['audit', 'look'], 'audit takes verify, not "look".'],
    [['hold', 'hub', '--for', '30'], 'For example: --for 30m'],
    [['hold', 'hub', '--for', '0s'], 'For example: --for 30m'],
    [['logs', '-n', 'many'], '--lines is "many", a number is needed.\nnext: For example: --lines 50'],
    [['alerts', 'take', 'a3-x'], 'For one of them: jarvis-health alerts ack a3-x'],
    [['alerts', 'ack'], 'The id of the alert is missing.'],
    [['logs', '--level', 'loud'], 'Levels: trace'],
    [['status', 'extra'], 'status takes only options.\nnext: See: jarvis-health status --help'],
    [['explain', 'a', 'b'], 'More was given than explain <target>.'],
    [['status', '--once'], 'jarvis-health --once'],
  ])('%j', async (args, hint) => {
    const ran = await jh(...args);
    expect(ran).toMatchObject({ code: 64, out: '' });
    expect(ran.err).toMatch(/^USAGE .*\nnext: /);
    expect(ran.err).toContain(hint);
  });

  it('is told the names that may be given, where they are known', async () => {
    await daemon();
    expect((await jh('recover')).err).toMatch(/^USAGE recover needs a target\.\nnext: Known targets: .*hub/);
  });

  it('cannot colour or move anything by what it quotes', async () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: looking for them
    expect((await jh('\u001b[2Jx\u202e')).err).not.toMatch(/[\x1b\u202e]/);
  });

  it('nothing at all is answered with the help', async () => {
    expect(await jh()).toMatchObject({ code: 64, err: expect.stringContaining('Usage: jarvis-health') });
  });
});

describe('help', () => {
  it('lists every command, within 80 columns', async () => {
    const { code, out } = await jh('--help');
    expect(code).toBe(0);
    for (const { name } of commands) expect(out).toContain(`\n  ${name}`);
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it.each(commands.map(({ name, example }) => [name, example]))(
    '%s has an example that begins with its own name',
    async (name, example) => {
      expect((await jh(name, '--help')).out).toContain(`Example:\n  ${example}`);
      expect(example).toMatch(new RegExp(`^jarvis-health ${name}`));
    },
  );

  it('--version is that of the package', async () => {
    expect((await jh('--version')).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('without a daemon', () => {
  it('--once and check look by themselves', async () => {
    writeFileSync(
      join(home, 'config.yaml'),
      'memory: off\ndisk: [{ path: /, warning: 98%, critical: 99% }]\nservices: { hub: { tcp: "127.0.0.1:1" } }\n',
      { mode: 0o600 },
    );
    const ran = await jh('--once');
    expect(ran.code).toBe(2);
    expect(ran.out).toMatch(/✖ down +hub:tcp/);
    const json = JSON.parse((await jh('check', 'disk', '--json')).out);
    expect(json).toMatchObject({ code: 0, configured: true, results: [{ check: 'disk:/', status: 'ok' }] });
    expect(json.results[0]).not.toHaveProperty('evidence');
    expect(ran.out).toMatch(/… not running +hub:process/);
    expect(await jh('check', 'hbu')).toMatchObject({ code: 64, err: expect.stringContaining('Did you mean hub?') });
    expect((await jh('check', 'hbu', '--recover')).code).toBe(64);
  });

  it('config check shows every problem with its place, and a right one as right', async () => {
    expect(await jh('config', 'check')).toMatchObject({ code: 0, out: expect.stringContaining('There is no config') });
    writeFileSync(join(home, 'config.yaml'), 'disk:\n  - path: /\n    warning: 200%\nfoo: 1\n', { mode: 0o600 });
    const ran = await jh('config');
    expect(ran.code).toBe(78);
    expect(ran.out).toMatch(/CONFIG_INVALID config\.yaml:3:\d+ disk\[0\]\.warning is 200%/);
    expect(ran.out).toContain('config.yaml:4:1 foo');
    expect(JSON.parse((await jh('config', 'check', '--json')).out).problems).toHaveLength(2);
    expect((await jh('check')).code).toBe(78);
    expect((await jh('status')).code).toBe(3);
  });

  it('config show, schema and path', async () => {
    writeFileSync(join(home, 'config.yaml'), 'policy: { mode: observe }\n', { mode: 0o600 });
    expect((await jh('config', 'show')).out).toMatch(/mode: observe +# config\.yaml:1/);
    expect(JSON.parse((await jh('config', 'schema')).out)).toMatchObject({ type: 'object' });
    expect((await jh('config', 'path')).out).toBe(`${join(home, 'config.yaml')}\n`);
    expect((await run('--home', home, '--config', '/no/such.yaml', 'config', 'path')).out).toBe('/no/such.yaml\n');
    expect(await run('--home', home, '--config', '/no/such.yaml', 'config')).toMatchObject({
      code: 78,
      out: expect.stringMatching(/does not exist\nnext: name a file that can be read/),
    });
  });

  it('stop says that nothing runs; audit that nothing was done; logs that there are none', async () => {
    expect(await jh('stop')).toMatchObject({ code: 0, out: 'No daemon runs for this home folder.\n' });
    expect((await jh('audit', 'verify')).out).toContain('no audit yet');
    expect((await jh('logs')).code).toBe(69);
  });

  it('audit verify finds a changed line', async () => {
    writeFileSync(join(home, 'audit.jsonl'), '{"made":"up"}\n');
    expect(await jh('audit', 'verify')).toMatchObject({ code: 73, out: expect.stringContaining('AUDIT_DAMAGED') });
  });

  it('doctor names what is missing and the next step, in words and as JSON', async () => {
    const { out } = await jh('doctor');
    expect(out).toMatch(/✔ Node \d+/);
    expect(out).toMatch(/▲ Daemon: is not running\n {4}jarvis-health start\n/);
    expect(JSON.parse((await jh('doctor', '--json')).out)).toMatchObject({ ok: true });
    chmodSync(home, 0o755);
    expect((await jh('doctor')).out.replace(/\s+/g, ' ')).toContain(`others may look into it (mode 755) chmod 700`);
  });

  it('config check and doctor warn of a folder and a program that are not there; that is no mistake in the config', async () => {
    const services = 'services:\n  a: { tcp: "127.0.0.1:1", start: [node, x.js], cwd: /no/such }\n';
    const program = '  b: { tcp: "127.0.0.1:2", start: [no-such-program] }\n';
    writeFileSync(join(home, 'config.yaml'), services + program, { mode: 0o600 });
    const { code, out, err } = await jh('config', 'check');
    expect([code, out]).toEqual([0, `${join(home, 'config.yaml')} is right, but see the 2 warnings above.\n`]);
    expect(err).toMatch(/warning: config\.yaml:2:\d+ services\.a\.cwd is \/no\/such, a folder that does not exist\n/);
    expect(err).toMatch(/warning: config\.yaml:3:\d+ services\.b\.start begins with no-such-program, .* on PATH\n/);
    expect(JSON.parse((await jh('config', 'check', '--json')).out)).toMatchObject({ ok: true, warnings: [{}, {}] });
    const named = join(home, 'config.yaml');
    expect((await jh('--config', named, 'config', 'check')).err).toContain(`warning: ${named}:2:`);
    expect((await jh('doctor')).out.replace(/\s+/g, ' ')).toContain('▲ Config: config.yaml:2');
  });

  const noEnviron = process.platform !== 'linux';
  const path = `doctor judges by the PATH of the daemon, not of this shell${noEnviron ? ' (SKIPPED: no process shows its environment)' : ''}`;
  it.skipIf(noEnviron)(path, async () => {
    writeFileSync(join(bin, 'my-tool'), '#!/bin/sh\n', { mode: 0o755 });
    const start = 'services: { a: { tcp: "127.0.0.1:1", start: [my-tool] } }\n';
    writeFileSync(join(home, 'config.yaml'), start, { mode: 0o600 });
    const running = spawn('/bin/sleep', ['60'], { env: { PATH: '/usr/bin' }, stdio: 'ignore' });
    onTestFinished(() => void running.kill('SIGKILL'));
    expect((await jh('doctor')).out).not.toContain('my-tool');
    const whole = broken();
    await daemon(() => ({ ...whole, daemon: { ...whole.daemon, pid: running.pid ?? 0 } }));
    expect((await jh('doctor')).out.replace(/\s+/g, ' ')).toContain(
      'begins with my-tool, a program that is not found on PATH of the daemon (/usr/bin)',
    );
  });

  it('logs shows the last lines that are wanted', async () => {
    mkdirSync(join(home, 'logs'));
    const line = (level: string, target: string, at: number) =>
      JSON.stringify({ level, time: NOW + at, target, msg: `about ${target}` });
    writeFileSync(
      join(home, 'logs/daemon.1.log'),
      [line('info', 'hub', 0), line('warn', 'hub', 1000)].join('\n').concat('\n'),
    );
    writeFileSync(
      join(home, 'logs/daemon.2.log'),
      [line('error', 'disk', 2000), line('info', 'hub', 3000)].join('\n').concat('\n'),
    );
    expect((await jh('logs')).out.trim().split('\n')).toHaveLength(4);
    expect((await jh('logs', '-n', '1')).out).toContain('INFO  about hub target=hub');
    expect((await jh('logs', '--level', 'warn')).out.match(/WARN|ERROR/g)).toEqual(['WARN', 'ERROR']);
    expect(
      (await jh('logs', '--target', 'disk', '--json')).out
        .trim()
        .split('\n')
        .map((each) => JSON.parse(each).target),
    ).toEqual(['disk']);
    expect(await jh('logs', '--target', 'gateway')).toEqual({ code: 0, out: '', err: 'No line about gateway yet.\n' });
    await daemon();
    expect((await jh('logs', '--target', 'hbu')).err).toBe(
      'TARGET_UNKNOWN There is no target "hbu".\nnext: Did you mean hub?\n',
    );
  });
});
