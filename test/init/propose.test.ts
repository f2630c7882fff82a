import { describe, expect, it } from 'vitest';
import { propose } from '../../src/init/propose.ts';
import type { SeenGateway, SeenService } from '../../src/init/seen.ts';
import { HOME, page, port, program, seen, service, systemUnit, userUnit } from './samples.ts';

const one = (what: SeenService, more = {}) => propose(seen([what], more)).services[0];
const leftBecause = (what: SeenService, more = {}) => propose(seen([what], more)).left[0]?.why;

describe('a web app that nobody owns', () => {
  it('is watched, named after its folder, with a start command that waits for consent', () => {
    expect(one(service())).toEqual({
      name: 'fitness-tracker',
      look: { kind: 'http', url: 'http://127.0.0.1:3000/' },
      start: { argv: ['python3', 'app.py'], cwd: `${HOME}/clawd/fitness-tracker` },
      acts: 'start',
      what: 'python3 app.py in ~/clawd/fitness-tracker, port 3000',
      why: ['/ answers with status 200.', 'Nobody supervises it.'],
    });
  });

  it.each([
    ['a script with a name of its own', ['python3', 'hub-api.py'], 'hub-api.py'],
    ['a script that is named with its folder', ['node', '/srv/x/server.js'], '/srv/x/server.js'],
    ['a name that many projects have', ['node', 'server.js'], undefined],
    ['the same in a folder of the project', ['node', 'dist/server.js'], undefined],
    ['a title', ['next-server (v14.2.3)'], undefined],
  ])('is recognised by %s: %j gives %s', (_, argv, match) => {
    expect(one(service({ process: program(argv) }))?.match).toBe(match);
  });

  it('is started by the interpreter it has, and with the port it was given', () => {
    const process = program(['python3', 'app.py'], {
      program: '/home/ada/web/.venv/bin/python3',
      portVariable: '3000',
    });
    expect(one(service({ process }))?.start).toEqual({
      argv: ['/home/ada/web/.venv/bin/python3', 'app.py'],
      cwd: '/home/ada/web',
      env: { PORT: '3000' },
    });
  });

  it.each([
    ['next-server (v14.2.3)'],
    ['node', '-e', 'require("http").createServer().listen(3000)'],
    ['node', 'web.js', '--token=abc'],
    ['node', 'web.js', '--api-key', 'abc'],
    ['node', 'web.js', 'postgres://ada:pw@127.0.0.1/db'],
    ['python3', 'app\ufffd.py'],
  ])('gets no start command from %j, and says why', (...argv) => {
    const found = one(service({ process: program(argv) }));
    expect(found).toMatchObject({ acts: 'nobody', why: expect.arrayContaining([expect.stringMatching(/^(It|Its) /)]) });
    expect(found?.start).toBeUndefined();
    expect(JSON.stringify(found)).not.toContain('abc');
  });

  it('that was started in a folder that is gone has no command either', () => {
    const process = program(['node', 'web.js'], { cwd: `${HOME}/old (deleted)` });
    expect(one(service({ process }))?.why).toContain('The folder it was started in is gone.');
  });

  it('of another user is no command of ours', () => {
    expect(one(service({ process: program(['node', 'web.js'], { uid: 1001 }) }))?.acts).toBe('nobody');
  });
});

describe('how it is asked', () => {
  it.each([
    [
      port(3000, { kind: 'healthy', path: '/health' }),
      { kind: 'http', url: 'http://127.0.0.1:3000/health', status: '200-299' },
    ],
    [port(3000, { kind: 'page', status: 401 }, '0.0.0.0'), { kind: 'http', url: 'http://127.0.0.1:3000/' }],
    [port(3000, page, '::1'), { kind: 'http', url: 'http://[::1]:3000/' }],
    [port(3000, { kind: 'failing', status: 500 }), { kind: 'tcp', address: '127.0.0.1:3000' }],
    [port(3000, { kind: 'mute' }), { kind: 'tcp', address: '127.0.0.1:3000' }],
  ])('%j', (at, look) => {
    expect(one(service({ ports: [at] }))?.look).toEqual(look);
  });

  it('by the port that tells most of several', () => {
    const ports = [port(2999, { kind: 'mute' }), port(3000), port(3001, { kind: 'healthy', path: '/health' })];
    expect(one(service({ ports }))).toMatchObject({
      look: { url: 'http://127.0.0.1:3001/health' },
      why: expect.arrayContaining(['It also listens on 2999, 3000.']),
    });
  });
});

describe('a service that somebody owns', () => {
  it.each([
    [userUnit, 1000, 'owner', 'hub.service'],
    [{ kind: 'systemd', scope: 'user', unit: 'hub.service', uid: 1001 } as const, 1000, 'never', undefined],
    [systemUnit, 0, 'owner-asked', 'nginx.service'],
    [systemUnit, 1000, 'never', undefined],
    [{ kind: 'launchd', domain: 'gui/501', label: 'ai.example.hub' } as const, 501, 'owner', 'launchd:ai.example.hub'],
    [{ kind: 'launchd', domain: 'system', label: 'ai.example.hub' } as const, 501, 'never', undefined],
    [{ kind: 'pm2', name: 'hub' } as const, 1000, 'owner', 'pm2:hub'],
    [{ kind: 'pm2', name: 'all' } as const, 1000, 'owner', undefined],
    [{ kind: 'container', engine: 'docker', name: 'hub' } as const, 1000, 'owner-asked', 'docker:hub'],
    ['unknown' as const, 1000, 'never', undefined],
  ])('%j, asked by user %i: acts %s, unit %s', (owner, uid, acts, unit) => {
    const found = one(service({ owner, process: program(['node', 'web.js'], { uid }) }), { uid });
    expect(found).toMatchObject({ acts, look: { kind: 'http' } });
    expect(found?.unit).toBe(unit);
    expect(found?.start).toBeUndefined();
  });

  it('is one service also when several of its processes listen', () => {
    const { services } = propose(
      seen([service({ owner: userUnit }), service({ owner: userUnit, ports: [port(3001)] })]),
    );
    expect(services).toHaveLength(1);
    expect(services[0]?.why).toContain('It also listens on 3001.');
  });

  it('may have any port, and lie anywhere', () => {
    const process = program(['/opt/hub/hub'], { cwd: '/' });
    const found = one(service({ owner: userUnit, process, ports: [port(45_000)] }));
    // A look at that port would take the next restart for a fault.
    expect(found).toMatchObject({ name: 'hub', unit: 'hub.service', look: { kind: 'owner' }, acts: 'owner-asked' });
    expect(leftBecause(service({ owner: 'unknown', process, ports: [port(45_000)] }))).toMatch(/anew/);
    expect(leftBecause(service({ owner: { kind: 'pm2', name: 'all' }, process, ports: [port(45_000)] }))).toMatch(
      /anew/,
    );
  });
});

describe('what is left out', () => {
  it.each([
    ['us', service({ partOf: 'jarvis-health' }), 'is jarvis-health itself'],
    ['a port of the gateway', service({ partOf: 'gateway' }), 'belongs to the gateway'],
    ['another gateway', service({ partOf: 'other-gateway' }), 'is another gateway'],
    ['another user', service({ process: undefined }), 'cannot be seen from here'],
    [
      'sshd',
      service({ process: program(['sshd: /usr/sbin/sshd -D [listener] 0 of 10-100']) }),
      'belongs to the system',
    ],
    ['a database', service({ process: program(['/usr/lib/postgresql/15/bin/postgres', '-D', 'x']) }), 'is a database'],
    ['a database with an owner', service({ owner: userUnit, process: program(['redis-server']) }), 'is a database'],
    ['pm2', service({ process: program(['PM2 v5.3.0: God Daemon (/home/ada/.pm2)']) }), 'is pm2 itself'],
    ['a container', service({ process: program(['/usr/bin/docker-proxy', '-proto', 'tcp']) }), 'leads to a container'],
    [
      'an app of macOS',
      service({ owner: { kind: 'launchd', domain: 'gui/501', label: 'application.com.example.music.12' } }),
      'belongs to the desktop',
    ],
    [
      'an app of a desktop',
      service({ owner: { kind: 'systemd', scope: 'user', unit: 'app-music@autostart.service' } }),
      'belongs to the desktop',
    ],
    ['another address', service({ ports: [port(3000, page, '192.168.1.5')] }), 'listens on another address'],
    ['a port of the moment', service({ ports: [port(40_123)] }), 'has a port that is chosen anew'],
    [
      'a place that is nobody’s',
      service({ process: program(['node', 'x.js'], { cwd: '/srv' }) }),
      'is supervised by nobody',
    ],
    [
      'a tool',
      service({ process: program(['node', `${HOME}/.vscode-server/s.js`], { cwd: '/' }) }),
      'runs from a hidden',
    ],
    [
      'a system service without HTTP',
      service({
        owner: systemUnit,
        process: program(['/usr/sbin/x'], { uid: 0, cwd: '/' }),
        ports: [port(25, { kind: 'mute' })],
      }),
      'is a system service',
    ],
  ])('%s', (_, what, why) => {
    expect(leftBecause(what)).toMatch(new RegExp(`^${why}`));
    expect(propose(seen([what])).services).toEqual([]);
  });

  it('is everything that nobody owns, where the home folder is the whole disk', () => {
    expect(leftBecause(service(), { homeFolder: '/' })).toMatch(/^is supervised by nobody/);
  });

  it('is no port of the moment when the program was told to take it', () => {
    const ports = [port(40_123)];
    expect(one(service({ ports, process: program(['node', 'web.js', '--port', '40123']) }))?.acts).toBe('start');
    expect(one(service({ ports, process: program(['node', 'web.js'], { portVariable: '40123' }) }))?.acts).toBe(
      'start',
    );
    expect(leftBecause(service({ ports, process: program(['node', 'web.js', '--pid', '140123']) }))).toMatch(/anew/);
  });
});

it('what is left out for one reason is one line for each program', () => {
  const test = (script: string, at: number) =>
    service({ process: program(['node', script], { cwd: `${HOME}/.cache/x` }), ports: [port(at)] });
  const { left } = propose(seen([test('a.mjs', 3001), test('b.mjs', 3002), test('c.mjs', 3003), test('d.mjs', 3004)]));
  expect(left).toEqual([{ what: 'node (ports 3001, 3002, 3003, …)', why: 'runs from a hidden folder, as tools do' }]);
});

describe('the gateway', () => {
  const gateway: SeenGateway = {
    brand: 'clawdbot',
    port: 18_789,
    runs: true,
    owner: undefined,
    unit: undefined,
    start: ['/usr/bin/node', '/opt/bin/clawdbot', 'gateway'],
  };
  const proposed = (more: Partial<SeenGateway>) => propose(seen([], { gateway: { ...gateway, ...more } }));

  it.each([
    [{ owner: userUnit }, 'owner'],
    [{ owner: 'unknown' as const }, 'never'],
    [{ runs: false, unit: 'clawdbot-gateway.service' }, 'owner'],
    [{}, 'start'],
    [{ unit: 'clawdbot-gateway.service' }, 'start'],
    [{ start: undefined }, 'nobody'],
  ])('%j: acts %s', (more, acts) => {
    expect(proposed(more).services).toMatchObject([{ name: 'gateway', look: { kind: 'preset' }, acts }]);
  });

  it('that is put in is not left out as well', () => {
    expect(propose(seen([service({ partOf: 'gateway' })], { gateway })).left).toEqual([]);
  });

  it('that runs is told nothing of a Node that it has', () => {
    expect(proposed({}).services[0]?.why).toEqual(['Nobody supervises it.']);
  });

  it('that left only a folder is none', () => {
    expect(proposed({ runs: false })).toMatchObject({ services: [], left: [{ what: 'clawdbot' }] });
  });
});

describe('names', () => {
  it('are unlike each other and unlike what means something else', () => {
    const named = (folder: string, at: number) =>
      service({ process: program(['node', 'web.js'], { cwd: `${HOME}/${folder}` }), ports: [port(at)] });
    const { services } = propose(seen([named('web', 1), named('x/web', 2), named('disk', 3), named('Gateway', 4)]));
    expect(services.map(({ name }) => name)).toEqual(['web', 'web-2', 'disk-3', 'Gateway-4']);
  });

  it('have nothing in them that a config or a terminal would not take', () => {
    const process = program(['node', 'web.js'], { cwd: `${HOME}/a\u001b[2J\n..\u202e b` });
    expect(one(service({ process }))?.name).toMatch(/^[\p{L}\p{N}._-]+$/u);
    expect(one(service({ process: program(['node', 'web.js'], { cwd: `${HOME}/…` }) }))?.name).toBe('service');
  });
});

describe('disks and logs', () => {
  it('leaves out what is small or holds the boot files', () => {
    const disk = (path: string, totalBytes: number) => ({ path, totalBytes, usedPercent: 10 });
    const disks = [
      disk('/', 1e9),
      disk('/boot', 5e9),
      disk('/boot/efi', 5e9),
      disk('/mnt/key', 1e9),
      disk('/mnt/d', 5e9),
    ];
    expect(propose(seen([], { disks })).disks.map(({ path }) => path)).toEqual(['/', '/mnt/d']);
  });

  it('names logs by their ending', () => {
    const logs = [{ folder: `${HOME}/clawd/logs`, ending: '.log', files: 2, bytes: 5e6 }];
    expect(propose(seen([], { logs })).logs).toEqual([{ match: '~/clawd/logs/*.log', why: '2 files, 5 MB now' }]);
  });
});
