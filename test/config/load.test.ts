import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig, readConfig } from '../../src/config/load.ts';
import { ConfigError, writeProblem } from '../../src/config/problems.ts';
import { asOrdinaryUser } from '../helpers/ordinary-user.ts';
import { homeWith, loaded, problems, reading, warnings } from './homes.ts';

const service = (lines: string) => `services:\n  hub:\n${lines.replace(/^/gm, '    ')}\n`;

describe('a wrong config', () => {
  it('says file, line, column, what is wrong and what is allowed', async () => {
    expect(await problems('disk:\n  - path: /\n    warning: 200%\n')).toEqual([
      'config.yaml:3:5 disk[0].warning is 200%, at most 99% is allowed',
    ]);
  });

  it('lists every problem, in the order of the file, with what was probably meant', async () => {
    const text = `services:
  hub:
    htpp: http://127.0.0.1:8080/
    http: { url: "127.0.0.1:80a", timeot: 5s }
    start: python3 app.py
    every: 30
    hungAfter:
    policy: { hungAfter: 60s, recoverOn: [4xx] }
disk:
  - path: data
memory: on
logs: { match: "~/x.log" }
policy: { mode: atc, maxAttemptsPerHour: "3", retryEvery: .nan }
polcy: 3
cooldown: 5m
`;
    expect(await problems(text)).toEqual([
      'config.yaml:3:5 services.hub.htpp is not a known key; did you mean http?',
      'config.yaml:4:13 services.hub.http.url is "127.0.0.1:80a", an address like http://127.0.0.1:3000/ is needed',
      'config.yaml:4:35 services.hub.http.timeot is not a known key; did you mean timeout?',
      'config.yaml:5:5 services.hub.start is "python3 app.py", a list (in [brackets], or lines that begin with -) is needed; did you mean [python3, app.py]?',
      'config.yaml:6:5 services.hub.every is 30 without a unit, a duration like 500ms, 30s, 5m, 1h or 7d is needed; did you mean 30s?',
      'config.yaml:7:5 services.hub.hungAfter has no value, a duration like 500ms, 30s, 5m, 1h or 7d is needed',
      'config.yaml:8:15 services.hub.policy.hungAfter does not belong here, it is services.hub.hungAfter',
      'config.yaml:8:43 services.hub.policy.recoverOn[0] is "4xx", 5xx or wrong-answer is needed; did you mean 5xx?',
      'config.yaml:10:5 disk[0].path is "data", a folder that begins with / or ~/ is needed',
      'config.yaml:11:1 memory is "on", off or a map of options is needed',
      'config.yaml:12:1 logs is a map, a list (in [brackets], or lines that begin with -) is needed',
      'config.yaml:13:11 policy.mode is "atc", act or observe is needed; did you mean act?',
      'config.yaml:13:22 policy.maxAttemptsPerHour is "3", a whole number from 0 to 1000 is needed',
      'config.yaml:13:47 policy.retryEvery is NaN, a duration like 500ms, 30s, 5m, 1h or 7d is needed',
      'config.yaml:14:1 polcy is not a known key; did you mean policy?',
      'config.yaml:15:1 cooldown does not belong here, it is policy.cooldown',
    ]);
  });

  it('is thrown by loadConfig as one error with exit status 78', async () => {
    const error: unknown = await loadConfig({ home: homeWith('polcy: 1\nlimit: 2\n'), env: {} }).catch(
      (e: unknown) => e,
    );
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({ code: 'CONFIG_INVALID', exit: 78, problems: [{ line: 1 }, { line: 2 }] });
    expect(error).toMatchObject({ hint: '2 things are wrong. Correct it and run: jarvis-health config check' });
  });

  it('comes with the line itself and a mark under the place', async () => {
    const read = await reading('disk:\n  - path: /\n    warning: 200%   # much\n');
    expect(read.ok ? [] : read.frames).toEqual(['    3 |     warning: 200%   # much\n      |     ^^^^^^^^^^^^^']);
  });

  it.each([
    ['services: [a]', '1:1 services is a list, a map (lines of key: value) is needed'],
    ['policy: []', '1:1 policy is a list, a map (lines of key: value) is needed'],
    ['policy: 5', '1:1 policy is 5, a map (lines of key: value) is needed'],
    ['just text', '1:1 is "just text", a map (lines of key: value) is needed'],
    ['- a', '1:1 is a list, a map (lines of key: value) is needed'],
    [
      'disk: [{ path: ~ }]',
      '1:10 disk[0].path has no value (a bare ~ means that; write "~/"), a folder that begins with / or ~/ is needed',
    ],
    ['logs: [{ maxSize: 1MB }]', '1:8 logs[0].match is missing, a pattern that begins with / or ~/ is needed'],
    ['disk: [{ path: / }, { path: // }]', '1:23 disk[1].path is //, which is listed already as disk[0]'],
    ['disk: [{ path: /, warning: 95% }]', '1:19 disk[0].warning is 95%, at most critical (90%) is allowed'],
    ['memory: { clear: 50%, warning: 50% }', '1:11 memory.clear is 50%, less than warning (50%) is allowed'],
    [
      'server: { listen: 0.0.0.0:7717 }',
      '1:11 server.listen is 0.0.0.0:7717, only loopback (127.0.0.1, ::1 or localhost) is allowed',
    ],
    [
      'alerts: { pendingFile: state.json }',
      '1:11 alerts.pendingFile is state.json, which is a file of jarvis-health itself',
    ],
    ['policy: { startGrace: 20m }', '1:1 policy.startGraceCap is 10m, at least startGrace (20m) is needed'],
    [
      'log: { level: warning }',
      '1:8 log.level is "warning", trace, debug, info, warn, error, fatal or silent is needed; did you mean warn?',
    ],
  ])('%s', async (text, problem) => expect(await problems(text)).toEqual([`config.yaml:${problem}`]));

  it.each([
    ['start: [a]\nafter: [hub]', '4:13 services.hub.after[0] is the service itself'],
    [
      'start: [a]\nafter: [hubb]',
      '4:13 services.hub.after[0] is "hubb", the name of a service is needed; did you mean hub?',
    ],
    ['mode: act', '2:3 services.hub has nothing to look at; add http, tcp, process: { match: … }, unit or start'],
    ['start: []', '3:5 services.hub.start is empty, at least one is needed'],
    ['start: [""]', '3:5 services.hub.start begins with an empty word, the name of a program is needed'],
    [
      'process: { match: node }',
      '3:16 services.hub.process.match is "node", which matches every program of that kind; name the script as well',
    ],
    [
      'process: { match: a }',
      '3:16 services.hub.process.match is "a", at least 3 characters are needed: it would match too many programs',
    ],
    ['process: { match: /.*/ }', '3:16 services.hub.process.match is /.*/, which matches every program'],
    ['tcp: 127.0.0.1:99999', '3:5 services.hub.tcp has port 99999, a port from 1 to 65535 is needed'],
    [
      'http: http://127.0.0.1:80a/',
      '3:5 services.hub.http is "http://127.0.0.1:80a/", an address like http://127.0.0.1:3000/ is needed',
    ],
    [
      'http: ftp://127.0.0.1/',
      '3:5 services.hub.http is "ftp://127.0.0.1/", an address like http://127.0.0.1:3000/ is needed',
    ],
    [
      'http: { url: http://127.0.0.1/, status: 999 }',
      '3:37 services.hub.http.status is 999, a status like 200, 200-299 or 2xx is needed',
    ],
    [
      'start: [a]\nenv: { "A B": x }',
      '4:12 services.hub.env["A B"] is "A B", a name of letters, digits and _ is needed',
    ],
    [
      'http: { url: http://127.0.0.1/, slow: fast }',
      '3:37 services.hub.http.slow is "fast", a duration like 500ms, 30s, 5m, 1h or 7d is needed',
    ],
    [
      'http: { url: http://127.0.0.1/, slow: 30s }',
      '3:37 services.hub.http.slow is 30s, less than timeout (10s) is allowed',
    ],
    [
      'start: [a]\nstartGrace: 11m',
      '4:5 services.hub.startGrace is 11m, at most policy.startGraceCap (10m) is allowed',
    ],
  ])('in a service: %s', async (lines, problem) =>
    expect(await problems(service(lines))).toEqual([`config.yaml:${problem}`]),
  );

  it('finds a circle of parents', async () => {
    const found = await problems(
      'services:\n  a: { start: [x], after: [b] }\n  b: { start: [x], after: [c] }\n  c: { start: [x], after: [a] }\n',
    );
    expect(found[0]).toBe('config.yaml:2:28 services.a.after[0] closes a circle: a → b → c → a');
  });

  it.each(['/', '/home', '/usr/lib', '/etc/nginx', '~', '~/', '/home/ada/'])(
    'does not let cleanup empty %s',
    async (folder) => {
      expect((await problems(`disk: [{ path: /, cleanup: [{ folder: '${folder}' }] }]`)).join()).toContain(
        `disk[0].cleanup[0].folder is ${folder}, which`,
      );
    },
  );

  it.each(['~/**', '/var/lib/**/*', '/data/*.*'])(
    'does not let a rule for logs match everything: %s',
    async (match) => {
      expect((await problems(`logs: [{ match: "${match}" }]`)).join()).toContain(
        'which matches files that are no logs',
      );
    },
  );
});

describe('names of services', () => {
  it.each(['my app', 'api.v2', 'größe-日本', 'a:b', 'x/../y', '8080', '🦊', 'a'.repeat(64)])(
    '%s is a fine name',
    async (name) => {
      const { config } = await loaded(`services:\n  ${JSON.stringify(name)}: { start: [x] }\n`);
      expect(Object.keys(config.services)).toEqual([name]);
    },
  );

  it.each([
    ['disk', 'may not be the name of a service'],
    ['ALL', 'may not be the name of a service'],
    ['a\nb', 'has control characters in its name'],
    ['a\u001b[31mb', 'has control characters in its name'],
    ['safe\u202egnp', 'has control characters in its name'],
    ['\ud800', 'has control characters in its name'],
    [' a', 'has a space at an end of its name'],
    ['', 'has no name'],
    ['a'.repeat(65), 'has a name of 65 characters, at most 64 are allowed'],
    ['__proto__', 'has a key __proto__, which is not allowed'],
    ['constructor', 'has a key constructor, which is not allowed'],
  ])('%j is refused: it %s', async (name, because) => {
    const found = await problems(`services:\n  ${JSON.stringify(name)}: { start: [x] }\n`);
    expect(found.join('\n')).toContain(because);
    expect(found.join('\n').replace(/\n/g, '')).not.toMatch(/\p{Cc}/u);
    expect(Object.getPrototypeOf({})).not.toHaveProperty('start');
  });

  it('means the same name however its accents were typed', async () => {
    const { config } = await loaded('services:\n  cafe\u0301: { start: [x] }\n');
    expect(Object.keys(config.services)).toEqual(['caf\u00e9']);
  });
});

describe('a file that is no good', () => {
  it('does without a config where there is none, and misses one that was named', async () => {
    expect(await loaded(undefined)).toMatchObject({ configured: false, warnings: [] });
    const named = await readConfig({ home: homeWith(undefined), file: '/nowhere/config.yaml', env: {} });
    expect(named).toMatchObject({ ok: false, code: 'CONFIG_UNREADABLE' });
    expect(named.ok ? '' : named.problems.map(writeProblem).join()).toBe('/nowhere/config.yaml does not exist');
  });

  it.each(['', '\n\n', '# only words\n', '---\n', '\ufeff'])(
    'counts an empty file (%j) as no config, and says so',
    async (text) => {
      expect((await loaded(text)).configured).toBe(false);
      expect(await warnings(text)).toEqual(['config.yaml is empty and counts as no config: nothing is acted on']);
    },
  );

  it('takes a section with nothing in it as left out', async () => {
    expect(await warnings('services:\npolicy: { mode: act }\n')).toEqual([
      'config.yaml:1:1 services is empty and counts as left out',
    ]);
    expect((await loaded('services:\npolicy: { mode: act }\n')).configured).toBe(true);
  });

  it.each([
    ['binary', Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 0, 1), 'is a binary file, not text'],
    ['UTF-16', Uint8Array.of(0xff, 0xfe, 0x61, 0), 'is in UTF-16, save it as UTF-8'],
    ['Latin-1', Uint8Array.of(0x61, 0x3a, 0x20, 0xe9), 'is not in UTF-8'],
    ['50 MB', new Uint8Array(50_000_000).fill(0x23), 'is larger than 1024 KiB'],
  ])('refuses %s', async (_, bytes, because) => {
    const read = await reading(bytes);
    expect(read).toMatchObject({ ok: false, code: 'CONFIG_UNREADABLE' });
    expect(read.ok ? '' : read.problems.map(writeProblem).join()).toBe(`config.yaml ${because}`);
  });

  it('refuses a folder, and a FIFO without waiting for somebody to write to it', async () => {
    const home = homeWith(undefined);
    mkdirSync(join(home, 'folder'));
    execFileSync('mkfifo', [join(home, 'fifo')]);
    const because = async (name: string) => {
      const read = await readConfig({ home, file: join(home, name), env: {} });
      return read.ok ? '' : read.problems[0]?.message;
    };
    expect(await because('folder')).toBe('is a folder');
    expect(await because('fifo')).toBe('is no regular file');
    symlinkSync('loop', join(home, 'loop'));
    expect(await because('loop')).toBe('is a loop of symbolic links');
  });

  it('refuses one that may not be read', async () => {
    const home = homeWith('policy: {}\n');
    const file = join(home, 'config.yaml');
    chmodSync(file, 0);
    const read = await asOrdinaryUser([home, file], () => readConfig({ home, env: {} }));
    expect(read).toMatchObject({ problems: [{ message: 'may not be read by this user' }] });
  });

  it('warns of a config that others may change', async () => {
    const home = homeWith('policy: { mode: act }\n');
    chmodSync(join(home, 'config.yaml'), 0o666);
    const read = await readConfig({ home, env: {} });
    expect(read.ok ? read.loaded.warnings.map(writeProblem) : []).toEqual([
      'config.yaml can be changed by other users, and it names commands that are run; run chmod go-w on it',
    ]);
  });

  it('follows a link to the real file', async () => {
    const home = homeWith(undefined);
    writeFileSync(join(home, 'real.yaml'), 'policy: { mode: observe }\n', { mode: 0o600 });
    symlinkSync('real.yaml', join(home, 'config.yaml'));
    expect(await readConfig({ home, env: {} })).toMatchObject({ ok: true, loaded: { configured: true } });
  });

  it('reads files with a byte order mark and Windows line ends, and still counts lines and columns right', async () => {
    expect(await problems('\ufeffpolicy:\r\n  mode: x\r\nlimits:\r\n  hostAttempts: 0\r\n')).toEqual([
      'config.yaml:2:3 policy.mode is "x", act or observe is needed',
      'config.yaml:4:3 limits.hostAttempts is 0, at least 1 is allowed',
    ]);
  });
});

describe('what is not built yet', () => {
  it('is checked, and left out with a warning that says where', async () => {
    const known =
      'services:\n  gateway:\n    preset: gateway\n    env: { A: b }\n  hub:\n    start: [x]\n    unit: hub.service\n';
    expect(await warnings(`${known}server: { enabled: false }\n`)).toEqual([
      'config.yaml:8:1 server is not built yet, it is ignored',
    ]);
  });

  it('warns of options that have no effect', async () => {
    expect(await warnings(service('tcp: 127.0.0.1:1\ncwd: /tmp'))).toEqual([
      'config.yaml:4:5 services.hub.cwd has no effect without start',
    ]);
  });
});
