import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { runCommand } from '../../actions/run-command.ts';
import type { ActionContext } from '../../src/action.ts';
import { PersonError } from '../../src/errors.ts';
import { lookAt, readProcess } from '../../src/host/processes.ts';
import { until } from '../fixtures/start.ts';
import { context, folder, identityOf } from './act.ts';

type Options = Partial<v.InferInput<typeof runCommand.options> & object>;

async function run(options: object, over: Partial<ActionContext> & { dryRun?: boolean } = {}) {
  const root = await folder();
  await mkdir(join(root, 'jarvis-health'));
  const parsed = v.parse(runCommand.options, { cwd: root, ...options } satisfies Options);
  return { root, outcome: await runCommand.run(parsed, context(root, over)) };
}
const sh = (script: string) => ['sh', '-c', script];

test('a command that ends well is done, in its folder and with its environment', async () => {
  const { root, outcome } = await run({ argv: sh('echo "$COLOUR $PWD"'), env: { COLOUR: 'blue' } });
  expect(outcome).toEqual({
    outcome: 'done',
    did: [`ran sh, which ended well; it last said: blue ${root}`],
    lastLines: [`blue ${root}`],
  });
});

test('one that fails says its status and its last words, and that is no end of the service', async () => {
  const { outcome } = await run({ argv: sh('echo one; for n in 1 2 3 4; do echo "line $n" >&2; done; exit 78') });
  expect(outcome).toMatchObject({
    outcome: 'failed',
    lastLines: ['one', 'line 1', 'line 2', 'line 3', 'line 4'],
    trouble: { code: 'EXEC_FAILED', hint: 'It last said: line 4' },
  });
  expect(outcome.did[0]).toContain('ended with status 78');
  expect(outcome).not.toHaveProperty('exitCode');
});

test('words reach the program as they are: no shell is between', async () => {
  const { outcome } = await run({ argv: ['printf', '%s|', '$HOME', '`id`', '; echo x', '*'] });
  expect(outcome.lastLines).toEqual(['$HOME|`id`|; echo x|*|']);
});

test.each([{ argv: 'npm run migrate' }, { argv: [] }, { argv: [''] }, { argv: ['true'], cwd: 'app' }, { argv: [7] }])(
  'no playbook can ask for %j',
  (asked) => {
    expect(v.safeParse(runCommand.options, asked).success).toBe(false);
  },
);

test('a program or a folder that is not there is refused with a hint, in a dry run too', async () => {
  for (const dryRun of [false, true]) {
    const unknown = (await run({ argv: ['npm run migrate'] }, { dryRun })).outcome;
    expect(unknown).toMatchObject({ outcome: 'refused', trouble: { code: 'EXEC_NOT_FOUND' } });
    expect(unknown.trouble?.hint).toContain('[npm, run, migrate]');
    const nowhere = (await run({ argv: ['true'], cwd: '/srv/no-such-folder' }, { dryRun })).outcome;
    expect(nowhere).toMatchObject({ outcome: 'refused', trouble: { code: 'EXEC_NOT_POSSIBLE' } });
    expect(nowhere.trouble?.message).toContain('/srv/no-such-folder');
  }
});

test('a secret reaches the command and is seen nowhere else', async () => {
  const secret = 'correct horse\nbattery staple';
  const env = { PASS: { reveal: () => secret }, PATH: process.env['PATH'] ?? '' };
  const script = 'echo "have [$PASS]"; echo "cannot log in with $PASS" >&2; exit 1';
  const { root, outcome } = await run({ argv: sh(`printf %s "$PASS" >got; ${script}`), env });
  expect(outcome.outcome).toBe('failed');
  expect(JSON.stringify(outcome)).not.toMatch(/horse|staple/);
  expect(outcome.lastLines?.join(' ')).toContain('[secret]');
  expect(await readFile(join(root, 'got'), 'utf8')).toBe(secret);
  const planned = (await run({ argv: ['true'], env }, { dryRun: true })).outcome;
  expect(JSON.stringify(planned)).not.toMatch(/horse|staple/);
});

test('a secret that is not there is told before anything is run', async () => {
  const env = {
    PASS: {
      reveal: () => {
        throw new PersonError('SECRET_UNAVAILABLE', 'PASS is not set.', 'Set it.');
      },
    },
  };
  const { outcome } = await run({ argv: ['true'], env });
  expect(outcome).toMatchObject({ outcome: 'failed', did: [], trouble: { code: 'SECRET_UNAVAILABLE' } });
});

/** Has a child, and both end on no TERM. */
const family = 'trap "" TERM; sleep 600.0333 & echo $$ >me; echo $! >child; while :; do sleep 0.02; done';
async function pidsIn(root: string) {
  const pid = async (file: string) => Number((await readFile(join(root, file), 'utf8').catch(() => '')).trim());
  return await until(async () => ((await pid('child')) > 0 ? [await pid('me'), await pid('child')] : undefined));
}

test('at its deadline it is ended, with everything that it started', async () => {
  const { root, outcome } = await run({ argv: sh(family), deadlineMs: 500, killAfterMs: 50 });
  expect(outcome).toMatchObject({ outcome: 'failed', trouble: { code: 'EXEC_TIMED_OUT' } });
  for (const pid of await pidsIn(root)) expect(await readProcess(pid)).toBeUndefined();
});

test('called off, it is ended with everything that it started', async () => {
  const calling = new AbortController();
  const root = await folder();
  const options = v.parse(runCommand.options, { argv: sh(family), cwd: root, deadlineMs: 60_000, killAfterMs: 50 });
  const running = runCommand.run(options, context(root, { signal: calling.signal }));
  const all = await Promise.all((await pidsIn(root)).map(identityOf));
  calling.abort();
  expect(await running).toMatchObject({ outcome: 'failed' });
  for (const one of all) expect(lookAt(one)).toBe('gone');
});

test('of a long output the end is kept', async () => {
  const { outcome } = await run({ argv: sh('yes "a long line" | head -n 50000; echo the end'), maxBytes: 1_000 });
  expect(outcome.lastLines?.at(-1)).toBe('the end');
  expect(JSON.stringify(outcome).length).toBeLessThan(2_000);
});

test('a dry run shows the folder and the exact words', async () => {
  const { root, outcome } = await run({ argv: ['touch', "it's here"] }, { dryRun: true });
  expect(outcome.did).toEqual([`cd ${root} && touch 'it'\\''s here'`]);
});

test('the service is known as before, for it was not touched', async () => {
  const own = await identityOf(process.pid);
  const tracked = { ...own, hadTerminal: false, proven: true, ownGroup: undefined };
  expect((await run({ argv: ['true'] }, { tracked })).outcome.process).toEqual(tracked);
});
