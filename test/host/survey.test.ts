import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { surveyWork } from '../../src/host/survey.ts';
import { isAgentUpdate, workOf } from '../../src/host/work-commands.ts';
import { type Running, startProgram } from '../fixtures/start.ts';

let folder = '';
const running: Running[] = [];

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'jh-survey-')));
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()));
  rmSync(folder, { recursive: true, force: true });
});

/** A process with this title: so npm and the agent show themselves. */
async function pretend(cwd: string, title: string): Promise<Running> {
  const script = `process.title = ${JSON.stringify(title)}; console.log('ready 0'); setInterval(() => {}, 1e6)`;
  // The title must fit into the place of the command line.
  const one = await startProgram(process.execPath, ['-e', script, ' '.repeat(40)], { cwd });
  running.push(one);
  return one;
}

const survey = (name = 'web') => surveyWork({ folder, name });
const texts = async (name?: string) => (await survey(name)).map(({ kind, text }) => `${kind}: ${text}`);

describe('work in the folder of a service', () => {
  it('is none when nothing runs', async () => {
    expect(await survey()).toEqual([]);
    expect(await surveyWork({ folder: join(folder, 'none'), name: 'web' })).toEqual([]);
  });

  it('is an install that runs in it or below, until it has ended', async () => {
    mkdirSync(join(folder, 'packages/a'), { recursive: true });
    const npm = await pretend(join(folder, 'packages/a'), 'npm install');
    expect(await texts()).toEqual([`work: npm install (pid ${npm.pid}) runs in ${folder}.`]);
    await npm.stop();
    expect(await survey()).toEqual([]);
  });

  it('is not one that runs beside it', async () => {
    mkdirSync(`${folder}-2`);
    const tsc = await pretend(`${folder}-2`, 'tsc');
    expect(await surveyWork({ folder: `${folder}-2`, name: 'web' })).toHaveLength(1);
    expect(await survey()).toEqual([]);
    await tsc.stop();
    rmSync(`${folder}-2`, { recursive: true });
  });

  it('is a git lock, unless a crashed git left it long ago; also in a worktree', async () => {
    mkdirSync(join(folder, '.git'));
    const lock = join(folder, '.git/index.lock');
    writeFileSync(lock, '');
    expect(await texts()).toEqual([`work: git works on ${folder} (${lock}).`]);
    const old = Date.now() / 1_000 - 3_700;
    utimesSync(lock, old, old);
    expect(await survey()).toEqual([]);
    rmSync(join(folder, '.git'), { recursive: true });
    mkdirSync(join(folder, 'elsewhere'));
    writeFileSync(join(folder, 'elsewhere/index.lock'), '');
    writeFileSync(join(folder, '.git'), 'gitdir: elsewhere\n');
    expect(await survey()).toHaveLength(1);
  });

  it.each(['maintenance', '.maintenance', 'maintenance.lock', 'hub.update.lock'])('is a file %s', async (name) => {
    writeFileSync(join(folder, name), '');
    expect(await texts()).toEqual([`maintenance-file: The file ${join(folder, name)} asks for maintenance.`]);
  });

  it('is no folder and no link of that name', async () => {
    mkdirSync(join(folder, 'maintenance'));
    symlinkSync('/etc/passwd', join(folder, '.maintenance'));
    expect(await survey()).toEqual([]);
  });

  it('is, for an agent only, the update of the agent, wherever it runs', async () => {
    const update = await pretend('/', 'openclaw update');
    expect(await texts('my-clawdbot')).toEqual([`work: An update of the agent runs (pid ${update.pid}).`]);
    expect(await surveyWork({ folder: undefined, name: 'hub' })).toHaveLength(1);
    expect(await survey('web')).toEqual([]);
  });
});

describe('an update of the agent', () => {
  it.each([
    'npm i -g openclaw@latest',
    'npm i -g /tmp/openclaw-2026.9.7.tgz',
    'npm i -g github:openclaw/openclaw',
    'pnpm add -g clawdbot',
    'npm install -g file:/x/openclaw',
    'npm update -g',
    'pnpm up --global',
    'node /usr/lib/node_modules/npm/bin/npm-cli.js i -g openclaw',
    'openclaw --profile x update --yes',
    'clawdbot update',
    'openclaw-update',
  ])('is %s', (line) => expect(isAgentUpdate(line.split(' '))).toBe(true));

  it.each([
    'npm update -g typescript',
    'npm update',
    'npm i -g openclawed',
    'npm i --prefix=/home/u/openclaw express',
    'openclaw gateway update',
    'openclaw agent --message update',
    'node server.js openclaw',
  ])('is not %s', (line) => expect(isAgentUpdate(line.split(' '))).toBe(false));

  it.skipIf(process.platform !== 'linux')(
    'is work that carries its mark, and not the gateway that it has started (SKIPPED elsewhere: no environment is shown)',
    async () => {
      const start = async (file: string, args: readonly string[]) => {
        writeFileSync(join(folder, file), "console.log('ready 0'); setInterval(() => {}, 1e6)");
        const env = { ...process.env, OPENCLAW_UPDATE_IN_PROGRESS: '1' };
        const one = await startProgram(process.execPath, [join(folder, file), ...args], { cwd: folder, env });
        running.push(one);
        return one;
      };
      const marked = async () => (await surveyWork({ folder: undefined, name: 'openclaw' })).map(({ text }) => text);
      await start('openclaw.mjs', ['gateway', '--port', '1']);
      await start('server.cjs', []);
      expect(await marked()).toEqual([]);
      const build = await start('pnpm.cjs', ['build']);
      expect(await marked()).toEqual([`An update of the agent runs (pid ${build.pid}).`]);
    },
  );
});

describe('a command line', () => {
  it.each([
    ['npm ci', 'npm ci'],
    ['node /usr/lib/node_modules/npm/bin/npm-cli.js install express', 'npm install'],
    ['npm run build', 'npm run build'],
    ['npm run build:css', 'npm run build:css'],
    ['pnpm build', 'pnpm run build'],
    ['yarn', 'yarn'],
    ['yarn add x', 'yarn add'],
    ['node /x/node_modules/.bin/tsc -p .', 'tsc'],
    ['python3 -m pip install -r requirements.txt', 'pip install'],
    ['/venv/bin/python /venv/bin/pip3.11 install x', 'pip install'],
    ['uv sync', 'uv sync'],
    ['poetry install', 'poetry install'],
    ['cargo build --release', 'cargo build'],
    ['rustc --crate-name x', 'rustc'],
    ['go build ./...', 'go build'],
    ['make', 'make'],
    ['make -j4 all', 'make all'],
    ['git pull --rebase', 'git pull'],
    ['/usr/bin/git checkout main', 'git checkout'],
    ['sudo apt-get install x', 'apt-get'],
    ['/usr/lib/gcc/x86_64-linux-gnu/12/cc1plus -quiet a.cc', 'cc1plus'],
  ])('%s is work', (line, expected) => {
    expect(workOf(line.split(' '))).toBe(expected);
    expect(workOf([line])).toBe(expected); // as a title
  });

  it.each([
    ...[
      'npm start',
      'npm run dev',
      'npm run start',
      'npm run serve',
      'npm run web',
      'node server.js',
      'npx serve',
      'yarn dev',
    ],
    ...[
      'pnpm start',
      'cargo run',
      'go run .',
      'uv run app.py',
      'poetry run gunicorn app',
      'make run',
      'make serve',
      'git status',
    ],
    ...[
      'git log',
      'tsc --watch',
      'tsc -w',
      'python3 app.py',
      'python3 -m http.server',
      'bun run index.ts',
      'bun server.ts',
    ],
    ...['node installer.js', 'bash', 'sh -c sleep', 'vite', 'next start', 'gradle bootRun', '', 'node'],
  ])('%s is no work', (line) => {
    expect(workOf(line.split(' '))).toBeUndefined();
    expect(isAgentUpdate(line.split(' '))).toBe(false);
  });

  it.each([
    ['openclaw update', true],
    ['node /usr/lib/node_modules/openclaw/openclaw.mjs update --yes', true],
    ['npm install -g openclaw@latest', true],
    ['clawdbot gateway', false],
    ['openclaw gateway update-check', false],
    ['npm install express', false],
  ])('%s is the update of an agent: %s', (line, expected) => {
    expect(isAgentUpdate(line.split(' '))).toBe(expected);
  });
});
