import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import type { TargetState } from '../src/core/state.ts';
import { freshTarget } from '../src/core/turn.ts';
import { keptCopies } from '../src/host/kept-files.ts';
import { keepGoodFiles } from '../src/keep-good-files.ts';
import { initialState } from '../src/store/state.ts';
import { folder, identityOf } from './actions/act.ts';
import { startProgram, until } from './fixtures/start.ts';
import { servicePlan, withLadder } from './helpers/plans.ts';

const HOUR = 3_600_000;

/** A service that has been well for an hour, by a process that began after its file was written. */
async function story(
  over: { readonly forgetAfterMs?: number; readonly from?: string; readonly byHand?: boolean } = {},
) {
  const home = await folder();
  const file = join(home, 'app.yaml');
  writeFileSync(file, 'port: 1\n');
  // What was written right before the start is not told from what was written after it.
  await until(() => Date.now() > statSync(file).ctimeMs + 100);
  const sleep = await startProgram('sleep', ['600'], { ready: false });
  onTestFinished(sleep.stop);
  const tracked = { ...(await identityOf(sleep.pid)), hadTerminal: false, proven: true, ownGroup: undefined };
  const step = { action: 'restore-file', options: { file, ...(over.from === undefined ? {} : { from: over.from }) } };
  const policy = { forgetAfterMs: over.forgetAfterMs ?? 0 };
  const made = withLadder(servicePlan({ web: { policy } }), 'web', [step]);
  const { web } = made.targets;
  if (web === undefined) throw new Error('no target');
  const byHand = { ...web, playbooks: [], byHand: web.playbooks };
  const plan = over.byHand === true ? { ...made, targets: { web: byHand } } : made;
  const now = { at: Date.now(), steady: 2 * HOUR };
  const since = { at: now.at - HOUR, steady: HOUR };
  const well: TargetState = { ...freshTarget(since, false), belief: 'ok', healthySince: since, tracked };
  const lines: unknown[] = [];
  const log = pino({ level: 'debug', base: null }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const pass = async (changed: Partial<TargetState> = {}) => {
    const state = { ...initialState(), targets: { web: { ...well, ...changed } } };
    await keepGoodFiles({ home, plan, state, now: { at: Date.now(), steady: now.steady }, log });
    return (await keptCopies({ home, service: 'web', file })).length;
  };
  return { file, pass, lines };
}

test('while a service is well for long enough, the file it was started with is kept, and once', async () => {
  const { pass, lines } = await story();
  expect(await pass()).toBe(1);
  expect(await pass()).toBe(1);
  expect(lines).toHaveLength(1);
});

test('what was written since its process began is not kept, however well the service is', async () => {
  const { file, pass, lines } = await story();
  writeFileSync(file, 'port: one\n');
  expect(await pass()).toBe(0);
  expect(lines).toMatchObject([{ because: 'it was changed since the service was started' }]);
});

test('nothing is kept in trouble, too early, or of another process', async () => {
  const { pass } = await story();
  expect(await pass({ belief: 'critical' })).toBe(0);
  expect(await pass({ incident: '7' })).toBe(0);
  expect(await pass({ healthySince: undefined })).toBe(0);
  expect(await pass({ tracked: undefined })).toBe(0);
  const gone = { pid: 4_194_000, startToken: 'x:1', command: 'web', cwd: undefined, hadTerminal: false };
  expect(await pass({ tracked: { ...gone, proven: true, ownGroup: undefined } })).toBe(0);
  expect(await (await story({ forgetAfterMs: HOUR / 2 })).pass()).toBe(0);
});

test('nothing is kept for a playbook that names its own copy, or that is only run by hand', async () => {
  expect(await (await story({ from: '/srv/good.yaml' })).pass()).toBe(0);
  expect(await (await story({ byHand: true })).pass()).toBe(0);
});
