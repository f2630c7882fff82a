import { expect, test } from 'vitest';
import { shortCommand } from '../../src/core/command-line.ts';
import { matchedIn } from '../../src/core/matched.ts';
import {
  type Candidate,
  headsOf,
  isKin,
  proves,
  type SeenProcess,
  type ServiceTraits,
} from '../../src/core/recognise.ts';
import type { TrackedProcess } from '../../src/core/types.ts';

const seen = (over: Partial<SeenProcess> = {}): SeenProcess => ({
  pid: 812,
  startToken: 'boot:812',
  ppid: 1,
  pgid: 812,
  argv: ['/usr/bin/python3', 'app.py'],
  cwd: '/srv/hub',
  ...over,
});
const candidate = (over: Partial<Candidate> = {}): Candidate => ({
  ...seen(),
  mark: undefined,
  holdsPort: false,
  ancestors: [],
  ...over,
});
const tracked = (over: Partial<TrackedProcess> = {}): TrackedProcess => ({
  pid: 700,
  startToken: 'boot:700',
  command: '/usr/bin/python3 app.py',
  cwd: '/srv/hub',
  hadTerminal: false,
  proven: true,
  ownGroup: undefined,
  ...over,
});
const hub: ServiceTraits = { service: 'hub' };
const withStart: ServiceTraits = { service: 'hub', argv: ['python3', 'app.py'], cwd: '/srv/hub' };

test.each<[string, Candidate, ServiceTraits, TrackedProcess | undefined, ReturnType<typeof proves>]>([
  ['nothing is known of it', candidate(), hub, undefined, undefined],
  ['it carries our mark, as every job of the service does', candidate({ mark: 'hub' }), hub, undefined, undefined],
  ['it carries our mark and holds the port', candidate({ mark: 'hub', holdsPort: true }), hub, undefined, 'mark'],
  ['it holds the port, and nothing else is known', candidate({ holdsPort: true }), hub, undefined, undefined],
  ['it carries the mark of another service', candidate({ mark: 'web' }), hub, undefined, undefined],
  ['its command line matches', candidate(), { service: 'hub', match: 'app.py' }, undefined, 'match'],
  [
    'its command line matches an expression',
    candidate(),
    { service: 'hub', match: '/python\\d app\\.py$/' },
    undefined,
    'match',
  ],
  ['its command line does not match', candidate(), { service: 'hub', match: 'hub.py' }, undefined, undefined],
  ['an empty match matches nothing', candidate(), { service: 'hub', match: '' }, undefined, undefined],
  [
    'it was born of what matches',
    candidate({ argv: ['node', 'x.js'], ancestors: [seen()] }),
    { service: 'hub', match: 'app.py' },
    undefined,
    'match',
  ],
  [
    'it only has the text among its arguments',
    candidate({ argv: ['node', 'lint.mjs', 'app.py'] }),
    { service: 'hub', match: 'app.py' },
    undefined,
    undefined,
  ],
  [
    'it has the text among its arguments and holds the port',
    candidate({ argv: ['beam', '-s', 'app.py'], holdsPort: true }),
    { service: 'hub', match: 'app.py' },
    undefined,
    'match',
  ],
  [
    'it runs a script of that name in the folder of another project',
    candidate({ cwd: '/srv/other' }),
    { service: 'hub', match: 'app.py', cwd: '/srv/hub' },
    undefined,
    undefined,
  ],
  [
    'it runs that script by its whole path',
    candidate({ argv: ['python3', '/srv/hub/app.py'], cwd: '/srv/other' }),
    { service: 'hub', match: 'app.py', cwd: '/srv/hub' },
    undefined,
    'match',
  ],
  [
    'it is the start command, seen with the interpreter of its first line',
    candidate({ argv: ['/usr/bin/python3', '/usr/local/bin/uvicorn', 'app:app'] }),
    { service: 'hub', argv: ['uvicorn', 'app:app'], cwd: '/srv/hub' },
    undefined,
    'start-command',
  ],
  ['it is the start command in its folder', candidate(), withStart, undefined, 'start-command'],
  ['it is the start command elsewhere', candidate({ cwd: '/srv/other' }), withStart, undefined, undefined],
  ['it has one argument more', candidate({ argv: ['python3', 'app.py', '-x'] }), withStart, undefined, undefined],
  ['the config names no folder', candidate(), { service: 'hub', argv: ['python3', 'app.py'] }, undefined, undefined],
  [
    'a child of the start command',
    candidate({ argv: ['node', 'x.js'], cwd: '/tmp', ancestors: [seen({ pid: 5 })] }),
    withStart,
    undefined,
    'start-command',
  ],
  ['it is the proven tracked process', candidate({ pid: 700, startToken: 'boot:700' }), hub, tracked(), 'tracked'],
  [
    'it was proven by a match that the config has corrected since',
    candidate({ pid: 700, startToken: 'boot:700' }),
    { service: 'hub', match: 'hub-api.py' },
    tracked(),
    undefined,
  ],
  [
    'it was proven by a match that the config has corrected since, and we started what holds the port',
    candidate({ pid: 700, startToken: 'boot:700', mark: 'hub', holdsPort: true }),
    { service: 'hub', match: 'hub-api.py' },
    tracked(),
    'mark',
  ],
  [
    'it was proven and is still what matches',
    candidate({ pid: 700, startToken: 'boot:700' }),
    { service: 'hub', match: 'app.py' },
    tracked(),
    'tracked',
  ],
  [
    'it is tracked but was never proven',
    candidate({ pid: 700, startToken: 'boot:700' }),
    hub,
    tracked({ proven: false }),
    undefined,
  ],
  [
    'the number was given to another process',
    candidate({ pid: 700, startToken: 'boot:999' }),
    hub,
    tracked(),
    undefined,
  ],
  ['it is in the group we made', candidate({ pgid: 700 }), hub, tracked({ ownGroup: 700 }), 'group'],
  ['it is in another group', candidate({ pgid: 701 }), hub, tracked({ ownGroup: 700 }), undefined],
  [
    'the number of our group was given to another',
    candidate({ pid: 700, startToken: 'boot:999', pgid: 700 }),
    hub,
    tracked({ ownGroup: 700 }),
    undefined,
  ],
  [
    'a child in a group that took our number',
    candidate({ pid: 702, pgid: 700, ancestors: [seen({ pid: 700, startToken: 'boot:999' })] }),
    hub,
    tracked({ ownGroup: 700 }),
    undefined,
  ],
])('proof when %s', (_, process, service, before, proof) => {
  expect(proves(process, service, before)).toBe(proof);
});

test.each([
  [['vim', 'hub-api.py']],
  [['tail', '-f', '/srv/hub/hub-api.py.log']],
  [['grep', '-r', 'hub-api.py', '.']],
  [['/usr/bin/git', 'add', 'hub-api.py']],
  [['claude', '-p', 'fix hub-api.py']],
  [['node', '/usr/bin/claude', 'please fix hub-api.py and restart it']],
  [['python3', '-c', 'import time; time.sleep(600)', 'please fix hub-api.py and restart it']],
  [['bash', '-c', 'tail -f hub-api.py.log']],
  [['node', '-e', 'run("hub-api.py", 1)']],
  [[]],
])('%j only shows, edits or speaks of a file of that name', (argv) => {
  expect(matchedIn(argv, 'hub-api.py')).toBeUndefined();
});

test.each<[string[], string]>([
  [['python3', 'hub-api.py'], 'hub-api.py'],
  [['/usr/bin/python3.11', '-u', '-W', 'ignore', '/srv/hub/hub-api.py', '--port', '80'], 'hub-api.py'],
  [['python3', '-m', 'hub.server'], 'hub.server'],
  [['python3', '-m', 'hub.server'], 'python3 -m hub'],
  [['node', 'server.js'], 'server.js'],
  [['node', '--max-old-space-size=4096', '--require', './trace.js', 'dist/server.js'], 'server.js'],
  [['node', 'dist/server.js', '--port', '80'], '/node .*server\\.js/'],
  [['uvicorn', 'app:app'], 'uvicorn app:app'],
  [['/usr/bin/python3', '/usr/local/bin/uvicorn', '--port', '80', 'app:app'], 'uvicorn'],
  [['/usr/bin/python3', '/usr/local/bin/uvicorn', 'app:app', '--port', '80'], 'app:app'],
  [['node', '/usr/bin/tsx', 'src/hub.ts'], 'hub.ts'],
  [['deno', 'run', '-A', 'hub.ts'], 'hub.ts'],
  [['java', '-cp', 'lib/a.jar', 'com.example.Hub'], 'com.example.Hub'],
  [['java', '-Xmx1g', '-jar', 'hub.jar'], 'hub.jar'],
  [['bash', '-e', 'hub.sh'], 'hub.sh'],
  [['/srv/hub/bin/hub', '--port', '80'], '/srv/hub/bin'],
  [['openclaw-gateway'], 'openclaw-gateway'],
  [['openclaw-gateway'], '/^openclaw.*gateway$/'],
  [['nginx: master process /usr/sbin/nginx'], 'nginx: master'],
  [['node', '/usr/lib/openclaw/dist/index.js', 'gateway', '--port', '18789'], 'dist/index.js gateway --port 18789'],
  [['node', '/usr/lib/openclaw/dist/index.js', 'gateway', '--port', '18789'], '/openclaw.* gateway/'],
])('%j runs what %j asks for', (argv, match) => {
  expect(matchedIn(argv, match)).toBe('program');
});

test.each<[string[], string]>([
  [['node', 'lint.mjs', 'server.js'], 'server.js'],
  [['node', 'lint.mjs', 'server.js'], '/node .*server\\.js/'],
  [['node', '--require', './server.js', 'x.js'], 'server.js'],
  [['docker', 'logs', 'hub'], 'hub'],
  [['java', '-cp', 'a.jar', 'Main', '-Dapp=My Hub'], 'My Hub'],
  [['node', '/usr/lib/openclaw/dist/index.js', 'agent', '--topic', 'gateway'], '/openclaw.*gateway/'],
  [['node', 'x.js'], 'node'],
  [['sh', '-c', 'x'], 'sh'],
])('%j has %j only among its words, which proves nothing', (argv, match) => {
  expect(matchedIn(argv, match)).toBe('words');
});

test.each<[string, Partial<SeenProcess>, Partial<TrackedProcess>, boolean]>([
  ['the same command line', { cwd: '/elsewhere' }, {}, true],
  ['the same folder', { argv: ['node', 'x.js'] }, {}, true],
  ['another command line in another folder', { argv: ['node', 'x.js'], cwd: '/elsewhere' }, {}, false],
  ['both in the root folder', { argv: ['node', 'x.js'], cwd: '/' }, { cwd: '/' }, false],
  ['both in the home folder', { argv: ['node', 'x.js'], cwd: '/home/me' }, { cwd: '/home/me' }, false],
  ['folders that cannot be seen', { argv: ['node', 'x.js'], cwd: undefined }, { cwd: undefined }, false],
])('whether it is kin by %s', (_, process, before, kin) => {
  expect(isKin(tracked(before), seen(process), '/home/me')).toBe(kin);
});

test('a command line that was shortened is compared by its beginning', () => {
  const argv = ['node', 'x'.repeat(300)];
  const command = `${argv.join(' ').slice(0, 199)}…`;
  expect(isKin(tracked({ command, cwd: undefined }), seen({ argv, cwd: '/a' }), '/home/me')).toBe(true);
});

test('the head of a service is its program, not the shell around it nor a worker', () => {
  const shell = seen({ pid: 10, ppid: 1, argv: ['sh', '-c', 'node app.js'] });
  const program = seen({ pid: 11, ppid: 10, argv: ['node', 'app.js'] });
  const worker = seen({ pid: 13, ppid: 12, argv: ['node', 'app.js'] });
  const parents = new Map([
    [11, 10],
    [12, 11],
    [13, 12],
  ]);
  const pids = (...seenNow: SeenProcess[]) => headsOf(seenNow, parents).map((one) => one.pid);
  expect(pids(worker, shell, program)).toEqual([11]);
  expect(pids(shell)).toEqual([10]);
  expect(pids()).toEqual([]);
  expect(pids(program, worker, seen({ pid: 20 }))).toEqual([11, 20]);
});

test.each([
  [['/usr/bin/python3', 'train.py', '--token', 'abc'], 'python3 train.py'],
  [['python3', '-u', '/srv/app/train.py'], 'python3 /srv/app/train.py'],
  [['python3', '-m', 'http.server', '8000'], 'python3 -m http.server'],
  [['node', '--max-old-space-size=100', 'app.js'], 'node app.js'],
  [['mysqld', '--password', 'secret'], 'mysqld'],
  [['psql', 'postgres://me:secret@host/db'], 'psql'],
  [['worker', 'TOKEN=secret'], 'worker'],
  [[], 'a process without a command line'],
])('%j is named without what may be secret', (argv, name) => {
  expect(shortCommand(argv)).toBe(name);
});
