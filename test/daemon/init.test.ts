import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, type onTestFinished, test } from 'vitest';
import { startProgram } from '../fixtures/start.ts';
import { fixture, freePort, program } from '../helpers/daemon.ts';

/** script(1) of util-linux gives a program a terminal; the one of BSD takes other words. */
const hasScript = /util-linux/.test(String(spawnSync('script', ['--version']).stdout));
const why = hasScript ? '' : ' (SKIPPED: no script(1) of util-linux)';

/** A name that would turn the terminal red. */
const HOSTILE = 'we\u001b[31mb.mjs';

/** A person's home folder with a web app that runs, and init on a terminal of its own. */
async function atTerminal(atEnd: typeof onTestFinished) {
  const person = realpathSync(mkdtempSync(join(tmpdir(), 'jh-init-')));
  atEnd(() => rmSync(person, { recursive: true, force: true, maxRetries: 3 }));
  const folder = join(person, 'my-app');
  mkdirSync(folder);
  cpSync(fixture('web.mjs'), join(folder, HOSTILE));
  const port = String(await freePort());
  const web = await startProgram(process.execPath, [HOSTILE, '--port', port], { cwd: folder });
  atEnd(web.stop);

  const home = join(person, 'jarvis-health');
  const env = { ...process.env, HOME: person, TERM: 'xterm', LANG: 'C.UTF-8', NO_COLOR: '1' };
  const line = `'${process.execPath}' '${program}' --home '${home}' init`;
  const terminal = spawn('script', ['-qec', line, '/dev/null'], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  let shown = '';
  let answer: (question: string) => string | undefined = () => undefined;
  let answered = 0;
  // What is typed before a question is asked answers nothing, so each gets its answer when it stands there.
  terminal.stdout.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
    const questions = shown.match(/^.*\[y\/N\] /gm) ?? [];
    const text = questions.length > answered ? answer(questions.at(-1) ?? '') : undefined;
    if (text === undefined) return;
    answered = questions.length;
    terminal.stdin.write(text);
  });
  const ended = new Promise<number | null>((resolve) => terminal.once('close', resolve));
  atEnd(() => void terminal.kill('SIGKILL'));
  return {
    home,
    /** The exit code, when every question got its answer. */
    answer: (how: typeof answer) => {
      answer = how;
      return ended;
    },
    shown: () => shown,
    config: () => readFileSync(join(home, 'config.yaml'), 'utf8'),
  };
}

describe.skipIf(!hasScript)(`init at a terminal${why}`, () => {
  const isStart = (question: string) => question.includes('Start my-app with `node web.mjs` when down?');

  test('shows what it found, asks, and writes what was agreed to', async ({ onTestFinished }) => {
    const { answer, shown, config } = await atTerminal(onTestFinished);
    expect(await answer((question) => (isStart(question) ? 'y\n' : 'n\n'))).toBe(0);
    expect(shown()).toContain('Nothing is written yet.');
    expect(shown()).not.toContain('\u001b[31m');
    expect(shown()).toContain('It will bring back 1 service when down: my-app.');
    expect(config()).toMatch(/^ {4}start: \[.*b\.mjs/m);
  });

  test('takes an empty answer for a no', async ({ onTestFinished }) => {
    const { answer, shown, config } = await atTerminal(onTestFinished);
    expect(await answer(() => '\n')).toBe(0);
    expect(shown()).toContain('It will act on nothing');
    expect(config()).toMatch(/^ {4}# start: \[.*b\.mjs/m);
  });

  test('leaves nothing behind on Ctrl-C', async ({ onTestFinished }) => {
    const { answer, home, shown } = await atTerminal(onTestFinished);
    expect(await answer(() => '\u0003')).not.toBe(0);
    expect(shown()).toContain('[y/N]');
    expect(existsSync(home)).toBe(false);
  });
});
