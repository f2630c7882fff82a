import { expect, test } from 'vitest';
import { shortCommand } from '../../src/core/command-line.ts';
import {
  type Candidate,
  headOf,
  isKin,
  matches,
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
  ['it carries our mark', candidate({ mark: 'hub' }), hub, undefined, 'mark'],
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
    'it was proven by a match that the config has corrected since, and we started it',
    candidate({ pid: 700, startToken: 'boot:700', mark: 'hub' }),
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
  [[]],
])('%j only shows or edits a file of that name', (argv) => {
  expect(matches({ argv }, 'hub-api.py')).toBe(false);
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
  const worker = seen({ pid: 12, ppid: 11, argv: ['node', 'app.js'] });
  expect(headOf([worker, shell, program])?.pid).toBe(11);
  expect(headOf([shell])?.pid).toBe(10);
  expect(headOf([])).toBeUndefined();
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
