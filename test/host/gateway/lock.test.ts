import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { lastBegunAt, readGatewayLock } from '../../../src/host/gateway/lock.ts';
import { lastWishIn } from '../../../src/host/gateway/restart-log.ts';
import { surveyGateway } from '../../../src/host/gateway/survey-gateway.ts';
import { readProcess } from '../../../src/host/processes.ts';
import { startProgram } from '../../fixtures/start.ts';
import { freePort } from '../../helpers/daemon.ts';
import { installed, placeOf } from './places.ts';

const HOUR = 3_600_000;

/** A gateway whose folder has the lock that the test lays down, and the process number of a gateway that runs elsewhere. */
async function besideAnother() {
  const other = installed('openclaw');
  const one = await startProgram(process.execPath, [other.entry, 'gateway'], { env: { ...process.env, ...other.env } });
  onTestFinished(one.stop);
  const facts = await readProcess(one.pid);
  if (facts === undefined) throw new Error('it does not run');
  const fake = installed('openclaw', await freePort());
  const place = await placeOf(fake);
  const [own = '', shared = ''] = place.lockFolders;
  const lay = (payload: object, folder = own, at = Date.now()): void => {
    mkdirSync(folder, { recursive: true });
    const file = join(folder, 'gateway.state.lock');
    writeFileSync(file, JSON.stringify({ pid: one.pid, createdAt: new Date(at).toISOString(), ...payload }));
  };
  return { fake, place, own, shared, other, lay, startTime: Number(facts.startToken.split(':')[1]) };
}

describe('a lock with the number of a gateway that runs', () => {
  it.skipIf(process.platform !== 'linux')(
    'is of another one when the number was given anew: its start time differs (SKIPPED elsewhere: not written down)',
    async () => {
      const { place, lay, startTime } = await besideAnother();
      lay({ startTime: startTime - 1 });
      expect(await readGatewayLock(place)).toBeUndefined();
      lay({ startTime });
      expect(await readGatewayLock(place)).toBeDefined();
    },
  );

  it('without a start time is of another one when it is older than the process', async () => {
    const { place, lay } = await besideAnother();
    lay({}, undefined, Date.now() - HOUR);
    expect(await readGatewayLock(place)).toBeUndefined();
    lay({});
    expect(await readGatewayLock(place)).toBeDefined();
  });

  it('in a folder that all gateways share is believed for its own state folder or config only', async () => {
    const { place, lay, shared, other } = await besideAnother();
    lay({ stateDir: other.state, configPath: other.configFile }, shared);
    expect(await readGatewayLock(place)).toBeUndefined();
    lay({ configPath: place.configFile }, shared);
    expect(await readGatewayLock(place)).toBeDefined();
  });

  it('is believed for the role of a gateway only', async () => {
    const { place, lay } = await besideAnother();
    lay({ role: 'node-host' });
    expect(await readGatewayLock(place)).toBeUndefined();
    lay({ role: 'gateway' });
    expect(await readGatewayLock(place)).toBeDefined();
  });
});

it('a lock from a time to come does not undo a stop by hand', async () => {
  const { fake, place, own, lay } = await besideAnother();
  const stoppedAt = Math.floor(Date.now() / 1_000) * 1_000 - 60_000;
  mkdirSync(join(fake.state, 'logs'), { recursive: true });
  const line = `[${new Date(stoppedAt).toISOString()}] openclaw gateway lifecycle source=cli action=stop\n`;
  writeFileSync(join(fake.state, 'logs/gateway-restart.log'), line);
  lay({ pid: 4_100_000 }, own, Date.now() + 1_000 * HOUR);
  const written = (stoppedAt - HOUR) / 1_000;
  utimesSync(join(own, 'gateway.state.lock'), written, written);
  expect(lastBegunAt(place)).toBe(stoppedAt - HOUR);
  const found = await surveyGateway(place, { env: fake.env, homeFolder: fake.home });
  expect(found).toMatchObject([{ kind: 'stopped-by-person' }]);
  // Nor is anything begun that is still to come.
  const future = Date.now() / 1_000 + 3_600;
  utimesSync(join(own, 'gateway.state.lock'), future, future);
  expect(lastBegunAt(place)).toBeLessThanOrEqual(Date.now());
});

it('of several wishes the last counts', () => {
  const line = (minute: number, action: string) =>
    `[2026-01-01T00:0${minute}:00Z] openclaw gateway lifecycle source=cli action=${action}`;
  expect(lastWishIn([line(1, 'stop'), line(2, 'start')])?.action).toBe('start');
  expect(lastWishIn([line(1, 'start'), line(2, 'stop'), 'noise'])?.action).toBe('stop');
});
