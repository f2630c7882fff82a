import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gatewayCliRestart } from '../../actions/gateway-cli-restart.ts';
import { readGatewayLock } from '../../src/host/gateway/lock.ts';
import { lookAt } from '../../src/host/processes.ts';
import type { FakeGateway } from '../fixtures/gateway/install.ts';
import { freePort } from '../helpers/daemon.ts';
import { installed, placeOf, running } from '../host/gateway/places.ts';
import { context, endLater } from './act.ts';

type Fake = FakeGateway & { readonly home: string };

async function restart(fake: Fake, timeoutMs = 20_000, over: Parameters<typeof context>[1] = {}) {
  const gateway = await placeOf(fake);
  const options = { gateway, homeFolder: fake.home, env: { ...fake.env }, start: undefined, timeoutMs };
  return await gatewayCliRestart.run(options, context(fake.home, over));
}

describe("asking the gateway's own command line", () => {
  it('is done when it says that all is well, and nothing of that is believed', async () => {
    const fake = installed('openclaw', await freePort());
    const outcome = await restart(fake);
    expect(outcome).toMatchObject({ outcome: 'done', did: [expect.stringContaining('status 0, which says little')] });
    expect(outcome.process).toBeUndefined();
    expect(fake.calls()).toEqual([expect.stringMatching(/^gateway restart --json/)]);
  });

  it('gives it its own Node first on PATH, whatever comes first there, and what the config gives', async () => {
    const fake = installed('openclaw', await freePort());
    const older = join(fake.home, 'older');
    mkdirSync(older);
    writeFileSync(join(older, 'node'), '#!/bin/sh\necho v18.0.0\n', { mode: 0o755 });
    const env = { ...fake.env, PATH: `${older}:${fake.env['PATH']}`, NOTE: 'of the config' };
    expect(await restart({ ...fake, env })).toMatchObject({ outcome: 'done' });
    const given = JSON.parse(readFileSync(join(fake.state, 'cli-env'), 'utf8'));
    expect(given).toMatchObject({ NOTE: 'of the config', PATH: expect.stringMatching(`^${fake.bin}:${older}:`) });
  });

  it('is as much done when it refuses', async () => {
    const fake = installed('openclaw', await freePort());
    fake.setCli('refuses');
    const { outcome, did } = await restart(fake);
    expect(outcome).toBe('done');
    expect(did.join()).toContain('it last said: the gateway could not be restarted');
  });

  it('tells which process is the gateway afterwards', async () => {
    const fake = installed('openclaw', await freePort());
    fake.setCli('starts');
    const place = await placeOf(fake);
    await restart(fake);
    const started = await expect
      .poll(async () => (await readGatewayLock(place))?.process, { timeout: 8_000 })
      .toBeDefined()
      .then(async () => (await readGatewayLock(place))?.process);
    if (started === undefined) throw new Error('it was not started');
    endLater(started);
    fake.setCli('ok');
    const { process } = await restart(fake);
    expect(process).toMatchObject({ pid: started.pid, proven: true });
    expect(lookAt(started)).toBe('alive');
  });

  it('leaves its process what it was while that goes on', async () => {
    const fake = installed('openclaw', await freePort());
    const { pid } = await running(fake);
    const lock = await readGatewayLock(await placeOf(fake));
    const tracked = { ...lock?.process, pid, startToken: lock?.process.startToken ?? '', hadTerminal: true };
    const known = { command: 'openclaw-gateway', cwd: undefined, proven: true, ownGroup: 7, ...tracked };
    expect((await restart(fake, 20_000, { tracked: known })).process).toBe(known);
  });

  it('says what is missing when there is no command', async () => {
    const fake = installed('openclaw', await freePort());
    const gateway = await placeOf(fake);
    const options = { gateway, homeFolder: fake.home, env: { PATH: '' }, start: undefined, timeoutMs: 1_000 };
    expect(await gatewayCliRestart.run(options, context(fake.home))).toMatchObject({
      outcome: 'failed',
      trouble: { code: 'EXEC_NOT_FOUND', message: expect.stringContaining('openclaw') },
    });
  });
});
