import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { restartService } from '../../actions/restart-service.ts';
import { processCheck } from '../../checks/process.ts';
import { findOwner } from '../../src/host/owners/find-owner.ts';
import { surveyOwner } from '../../src/host/owners/survey-owner.ts';
import { lookAt, readProcess } from '../../src/host/processes.ts';
import { context } from '../actions/act.ts';
import { context as lookContext } from '../checks/look.ts';
import { eventually, fixture, freePort } from '../helpers/daemon.ts';

const VERSION = '7.0.4';
const folder = mkdtempSync(join(tmpdir(), 'jh-pm2-'));

/** The real one, from npm. */
function whyNoPm2(): string | undefined {
  const quiet = ['--no-audit', '--no-fund', '--silent'];
  const made = spawnSync('npm', ['install', '--prefix', folder, ...quiet, `pm2@${VERSION}`], { timeout: 180_000 });
  return made.status === 0 ? undefined : 'pm2 cannot be installed from npm here';
}

const why = process.platform === 'win32' ? 'needs signals' : whyNoPm2();

describe.skipIf(why !== undefined)(`a service that pm2 owns${why === undefined ? '' : ` (SKIPPED: ${why})`}`, () => {
  const env = { ...process.env };
  let port = 0;
  const pm2 = (...words: string[]) => execFileSync(join(folder, 'node_modules/.bin/pm2'), words, { stdio: 'ignore' });
  const options = () => ({ service: 'web', unit: 'pm2:web', port });
  const step = () => ({
    ...options(),
    env: {},
    logFile: join(folder, 'log'),
    stopGraceMs: 500,
    hungStopGraceMs: 100,
    settleMs: 100,
  });
  const look = async () => processCheck.assess(await processCheck.observe(options(), lookContext()), options());
  const isUp = () => eventually('it answers', async () => (await fetch(`http://127.0.0.1:${port}/`)).ok);
  const run = async (over: Parameters<typeof context>[1]) => await restartService.run(step(), context(folder, over));

  beforeAll(async () => {
    // As if it were installed for everybody: what npm puts on PATH for itself is not passed on.
    mkdirSync(join(folder, 'bin'));
    symlinkSync(join(folder, 'node_modules/pm2/bin/pm2'), join(folder, 'bin/pm2'));
    process.env['PATH'] = `${join(folder, 'bin')}:${env['PATH']}`;
    process.env['PM2_HOME'] = join(folder, 'home');
    process.env['PM2_DISABLE_VERSION_CHECK'] = 'true';
    port = await freePort();
    pm2('start', fixture('web.mjs'), '--name', 'web', '--', '--port', String(port), '--hang-on', 'SIGUSR2');
    await isUp();
  }, 60_000);
  afterAll(() => {
    if (why === undefined) pm2('kill');
    for (const name of ['PATH', 'PM2_HOME', 'PM2_DISABLE_VERSION_CHECK']) {
      if (env[name] === undefined) delete process.env[name];
      else process.env[name] = env[name];
    }
    rmSync(folder, { recursive: true, force: true });
  });

  it('is found by its parent, and followed', async () => {
    const seen = await look();
    expect(seen).toMatchObject({ status: 'ok', process: { proven: true, owner: { kind: 'pm2', name: 'web' } } });
    const facts = await readProcess(seen.process?.pid ?? 0);
    expect(facts && (await findOwner(facts))).toMatchObject({
      kind: 'pm2',
      name: 'web',
      id: 0,
      home: join(folder, 'home'),
    });
  });

  it('is restarted by pm2 when it hangs', async () => {
    const before = (await look()).process;
    if (before === undefined) throw new Error('no process');
    process.kill(before.pid, 'SIGUSR2');
    const outcome = await run({ reason: 'silent', tracked: before });
    expect(outcome).toMatchObject({ outcome: 'done', did: ['asked pm2 to restart web'] });
    expect(lookAt(before)).toBe('gone');
    await isUp();
    expect(outcome.process).toMatchObject({ owner: { kind: 'pm2' } });
  });

  it('is left so when a person has stopped it', async () => {
    pm2('stop', 'web');
    expect(await look()).toMatchObject({ status: 'critical', message: 'web was stopped by a person' });
    const asked = { service: 'web', unit: 'pm2:web', port, tracked: undefined, owner: undefined };
    expect((await surveyOwner(asked)).holds).toMatchObject([{ kind: 'stopped-by-person' }]);
    expect(await run({ reason: 'gone' })).toMatchObject({ outcome: 'refused', trouble: { code: 'OWNER_STOPPED' } });
    expect(await run({ reason: 'gone', asked: true })).toMatchObject({ outcome: 'done' });
    await isUp();
  });
});
