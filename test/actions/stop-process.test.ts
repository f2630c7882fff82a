import { expect, onTestFinished, test } from 'vitest';
import { stopProcess } from '../../actions/stop-process.ts';
import { lookAt } from '../../src/host/processes.ts';
import { startFixture, startProgram } from '../fixtures/start.ts';
import { context, folder, identityOf } from './act.ts';

test('ends what a match proves, once, and finds nothing the second time', async () => {
  const web = await startProgram('sleep', ['600.4711'], { ready: false });
  onTestFinished(web.stop);
  const identity = await identityOf(web.pid);
  const options = { service: 'web', match: 'sleep 600.4711', stopGraceMs: 2_000 };
  const home = await folder();
  expect(await stopProcess.run(options, context(home))).toMatchObject({ outcome: 'done' });
  expect(lookAt(identity)).toBe('gone');
  expect(await stopProcess.run(options, context(home))).toMatchObject({ outcome: 'nothing' });
});

test('refuses what only holds the port', async () => {
  const foreign = await startFixture('foreign.mjs');
  onTestFinished(foreign.stop);
  const outcome = await stopProcess.run(
    { service: 'web', port: foreign.port, stopGraceMs: 100 },
    context(await folder()),
  );
  expect(outcome).toMatchObject({ outcome: 'refused', trouble: { code: 'PORT_HELD' } });
});

test('never ends ourselves, whatever matches', async () => {
  const own = await identityOf(process.pid);
  const tracked = { ...own, hadTerminal: false, proven: true, ownGroup: own.pgid };
  const outcome = await stopProcess.run({ service: 'web', stopGraceMs: 100 }, context(await folder(), { tracked }));
  expect(outcome.outcome).toBe('refused');
  expect(lookAt(own)).toBe('alive');
});
