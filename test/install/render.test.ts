import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { Command } from '../../src/install/command.ts';
import { type Place, placeOf, SYSTEM_HOME } from '../../src/install/place.ts';
import { readUnit, renderUnit } from '../../src/install/render.ts';
import { readTemplate } from '../../src/install/templates.ts';

const at = (platform: NodeJS.Platform, scope: Place['scope']): Place =>
  placeOf({ platform, scope, uid: 501, homeFolder: '/home/ada' });
const places = [at('linux', 'user'), at('linux', 'system'), at('darwin', 'user'), at('darwin', 'system')];

async function render(place: Place, more: Partial<Command> = {}): Promise<string> {
  const home = place.scope === 'system' ? SYSTEM_HOME : '/home/ada/jarvis-health';
  const command = { node: '/opt/node/bin/node', script: '/usr/local/bin/jarvis-health', home, configFile: undefined };
  const wish = { place, user: 'ada', homeFolder: '/home/ada', command: { ...command, ...more } };
  return renderUnit(await readTemplate(place), wish);
}

const odd = '/home/Zoë & Söhne/50% $HOME/"a\\b"/\'c\' <d>';

describe.each(places.map((place) => ({ name: `${place.kind} for a ${place.scope}`, place })))('$name', ({ place }) => {
  it('leaves no placeholder and no empty line in its place', async () => {
    const text = await render(place);
    expect(text).not.toMatch(/\{\{|\}\}|undefined/);
    expect(text).not.toMatch(/\n\n\n/);
    expect(text.endsWith('\n')).toBe(true);
  });

  it('names every path whole, and finds them again', async () => {
    const command = {
      node: '/home/Zoë & Söhne/50% $HOME <d>/node',
      script: `${odd}/bin`,
      home: odd,
      configFile: `${odd}/c.yaml`,
    };
    expect(readUnit(place.kind, await render(place, command))).toEqual(command);
  });

  it('knows no command in a file of somebody else', () => {
    expect(readUnit(place.kind, '[Service]\nExecStart=/usr/bin/other --home\n')).toBeUndefined();
    expect(readUnit(place.kind, '<plist><array><string>/usr/bin/other</string></array></plist>')).toBeUndefined();
    expect(readUnit(place.kind, '')).toBeUndefined();
  });

  it('refuses a path that would break out of its line', async () => {
    await expect(render(place, { home: '/tmp/a\nExecStartPre=/bin/evil' })).rejects.toMatchObject({
      code: 'NAME_NOT_USABLE',
    });
  });
});

describe('a unit', () => {
  it('restarts always, but not what a refused config ended, and is watched', async () => {
    const text = await render(at('linux', 'user'));
    for (const line of [
      'Type=notify',
      'NotifyAccess=all',
      'Restart=always',
      'RestartPreventExitStatus=78',
      'StartLimitIntervalSec=0',
      'WatchdogSec=60',
      'KillMode=process',
      'UMask=0077',
      'WantedBy=default.target',
      'Environment="PATH=/opt/node/bin:/home/ada/.local/bin:/usr/local/bin:/usr/local/sbin:/usr/bin:/bin:/usr/sbin:/sbin:/snap/bin"',
    ])
      expect(text.split('\n')).toContain(line);
  });

  it('doubles what systemd would take for a variable, but not in the program’s own path, where it takes none', async () => {
    const text = await render(at('linux', 'user'), { node: '/opt/$n 5%/node', script: '/opt/$s 5%/x', home: '/h/$h' });
    expect(text).toContain('ExecStart="/opt/$n 5%%/node" "/opt/$$s 5%%/x" "start" "--foreground" "--home" "/h/$$h"\n');
  });

  it('is not written for a program that systemd does not start', async () => {
    for (const node of ['/opt/"n"/node', "/opt/n's/node", '/opt/n\\/node'])
      await expect(render(at('linux', 'user'), { node })).rejects.toMatchObject({ code: 'NAME_NOT_USABLE' });
    expect(await render(at('darwin', 'user'), { node: "/opt/n's/node" })).toContain("<string>/opt/n's/node</string>");
  });

  it('of the system has a home that systemd makes, unless another was asked for', async () => {
    const place = at('linux', 'system');
    expect(await render(place)).toMatch(/^User=root\nStateDirectory=jarvis-health\nStateDirectoryMode=0700$/m);
    expect(await render(place, { home: '/srv/health' })).not.toContain('StateDirectory');
  });
});

const noPython = spawnSync('python3', ['--version']).status !== 0;
const check =
  'import json,plistlib,sys; print(json.dumps(plistlib.loads(sys.stdin.buffer.read(), fmt=plistlib.FMT_XML)))';

describe.skipIf(noPython)(`a plist${noPython ? ' (SKIPPED: no python3)' : ''}`, () => {
  const parsed = (text: string): Record<string, unknown> => {
    const { status, stdout, stderr } = spawnSync('python3', ['-c', check], { input: text, encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    return JSON.parse(stdout);
  };

  it('of a user has exactly the keys that launchd is to obey', async () => {
    const home = '/home/ada/jarvis-health';
    expect(parsed(await render(at('darwin', 'user')))).toEqual({
      Label: 'local.jarvis-health',
      ProgramArguments: ['/opt/node/bin/node', '/usr/local/bin/jarvis-health', 'start', '--foreground', '--home', home],
      EnvironmentVariables: {
        PATH: '/opt/node/bin:/home/ada/.local/bin:/opt/homebrew/bin:/opt/homebrew/sbin:/usr/local/bin:/usr/local/sbin:/usr/bin:/bin:/usr/sbin:/sbin',
      },
      WorkingDirectory: '/home/ada',
      StandardOutPath: `${home}/logs/daemon.out`,
      StandardErrorPath: `${home}/logs/daemon.out`,
      RunAtLoad: true,
      KeepAlive: true,
      ThrottleInterval: 10,
      ProcessType: 'Interactive',
      AbandonProcessGroup: true,
      ExitTimeOut: 780,
      Umask: 0o077,
    });
  });

  it('of the system runs as the user that was named', async () => {
    expect(parsed(await render(at('darwin', 'system')))).toMatchObject({ UserName: 'ada' });
  });

  it('holds any path', async () => {
    const { ProgramArguments } = parsed(await render(at('darwin', 'user'), { home: odd }));
    expect(ProgramArguments).toContain(odd);
  });
});
