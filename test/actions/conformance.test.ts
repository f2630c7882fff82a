import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { describe, expect, onTestFinished, test } from 'vitest';
import { actionNamed, actions } from '../../actions/index.ts';
import type { ActionContext } from '../../src/action.ts';
import { ERRORS } from '../../src/errors.ts';
import { keepFile } from '../../src/host/kept-files.ts';
import { lookAt } from '../../src/host/processes.ts';
import { installGateway } from '../fixtures/gateway/install.ts';
import { startProgram } from '../fixtures/start.ts';
import { fakeSystemctl } from '../host/owners/fake-systemctl.ts';
import { context, endLater, folder, identityOf, photograph } from './act.ts';

type Sample = { readonly home: string; readonly options: object; readonly alive: { pid: number; startToken: string } };

/** Options that fit a host like the one of `sampleOf`. */
function optionsOf(name: string, home: string): object {
  const argv = ['sleep', '600'];
  const match = `${home}/logs/*.log`;
  const logFile = join(home, 'logs', 'service');
  const samples: Record<string, object> = {
    'restart-service': { service: 'app', argv, cwd: home, logFile, stopGraceMs: 1_000, settleMs: 50 },
    'stop-process': { service: 'app', stopGraceMs: 1_000 },
    'signal-process': { service: 'app', signal: 'TERM', afterMs: 1_000 },
    'wait-healthy': { service: 'app', forMs: 5_000 },
    'run-command': {
      argv: ['true'],
      cwd: home,
      env: { LANG: 'C' },
      deadlineMs: 10_000,
      killAfterMs: 100,
      maxBytes: 9_000,
    },
    'reset-failed': { service: 'app', unit: 'app.service' },
    'restore-file': { file: join(home, 'app.conf'), untouchedForMs: 1_000 },
    'rotate-log': { match, maxBytes: 10, keep: 2, compress: 'gzip' },
    'clean-disk': { path: home, rules: [{ folder: join(home, 'logs'), match: '*.log', olderThanMs: 1_000 }] },
    'report-top-processes': { count: 1 },
    'gateway-cli-restart': {
      gateway: {
        brand: 'openclaw',
        stateFolder: join(home, '.openclaw'),
        configFile: join(home, '.openclaw/openclaw.json'),
        lockFolders: [join(home, '.openclaw/tmp')],
        port: 18_789,
      },
      homeFolder: home,
      env: { PATH: `${home}/bin:${process.env['PATH'] ?? ''}` },
      start: ['openclaw', 'gateway'],
      timeoutMs: 20_000,
    },
  };
  const options = samples[name];
  if (options === undefined) throw new Error(`no sample for ${name}`);
  return options;
}

/** A host on which this action has something to do, and a service that runs. */
async function sampleOf(name: string): Promise<Sample> {
  const home = await folder();
  await mkdir(join(home, 'logs'));
  await writeFile(join(home, 'logs', 'app.log'), 'x'.repeat(5_000));
  await utimes(join(home, 'logs', 'app.log'), 1, 1);
  if (name === 'restore-file') {
    const file = join(home, 'app.conf');
    await writeFile(file, 'port: 1');
    await keepFile({ home: join(home, 'jarvis-health'), service: 'web', file }, { nowMs: 1, bornAtMs: Infinity });
    await writeFile(file, 'port: one');
    await utimes(file, 1, 1);
  }
  if (name === 'reset-failed') {
    const givenUp = { ActiveState: 'failed', Result: 'start-limit-hit' };
    const running = { ActiveState: 'active', SubState: 'running', MainPID: '0' };
    fakeSystemctl(await folder(), givenUp, { afterwards: running });
  }
  if (name === 'gateway-cli-restart') installGateway(home, 'openclaw', 18_789);
  const running = await startProgram('sleep', ['600'], { cwd: home, ready: false });
  onTestFinished(running.stop);
  return { home, options: optionsOf(name, home), alive: await identityOf(running.pid) };
}

async function run(name: string, { home, options, alive }: Sample, over: Parameters<typeof context>[1] = {}) {
  const tracked = {
    ...alive,
    command: 'sleep 600',
    cwd: home,
    hadTerminal: false,
    proven: true,
    ownGroup: undefined,
  };
  const attempt: ActionContext = context(home, { reason: 'silent', tracked, ...over });
  const outcome = await actionNamed(name)?.run(options, attempt);
  if (outcome === undefined) throw new Error(`no action ${name}`);
  if (outcome.process !== undefined) endLater(outcome.process);
  if (outcome.trouble !== undefined) expect(Object.keys(ERRORS)).toContain(outcome.trouble.code);
  return outcome;
}

describe.each(actions.map((action) => [action.name, action] as const))('%s', (name, action) => {
  test('a dry run says what would be done and changes nothing', async () => {
    const sample = await sampleOf(name);
    const before = await photograph(sample.home);
    const outcome = await run(name, sample, { dryRun: true });
    expect(outcome.outcome).toBe('done');
    expect(outcome.did.length).toBeGreaterThan(0);
    expect(await photograph(sample.home)).toEqual(before);
    expect(lookAt(sample.alive)).toBe('alive');
  });

  test('running twice does not do it twice', async () => {
    const sample = await sampleOf(name);
    const first = await run(name, sample, { reason: 'silent' });
    expect(first.outcome).toBe('done');
    const archives = (await readdir(join(sample.home, 'logs'))).length;
    const second = await run(name, sample, { reason: 'gone', tracked: first.process });
    expect(['done', 'nothing']).toContain(second.outcome);
    if (first.process !== undefined) expect(lookAt(first.process)).toBe('alive');
    expect((await readdir(join(sample.home, 'logs'))).length).toBe(archives);
  });

  test('called off before it began, it changes nothing', async () => {
    const sample = await sampleOf(name);
    const before = await photograph(sample.home);
    await run(name, sample, { signal: AbortSignal.abort() });
    expect(await photograph(sample.home)).toEqual(before);
    expect(lookAt(sample.alive)).toBe('alive');
  });

  test('refuses options of the wrong type, and unknown ones', () => {
    const options = optionsOf(name, '/srv/app');
    expect(v.safeParse(action.options, options).success).toBe(true);
    for (const wrong of [undefined, null, 'text', 7, {}, { ...options, notAnOption: 1 }]) {
      expect(v.safeParse(action.options, wrong).success).toBe(false);
    }
    for (const key of Object.keys(options)) {
      expect(v.safeParse(action.options, { ...options, [key]: { wrong: true } }).success).toBe(false);
    }
  });
});
