import { mkdirSync, rmSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { uptime } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import type { GatewayPlace } from '../../../src/core/gateway.ts';
import type { ProcessIdentity } from '../../../src/core/types.ts';
import { bootId } from '../../../src/host/boot-id.ts';
import { breakerTrippedAt } from '../../../src/host/gateway/breaker.ts';
import { lastWishIn } from '../../../src/host/gateway/restart-log.ts';
import { surveyGateway } from '../../../src/host/gateway/survey-gateway.ts';
import { checkoutOf } from '../../../src/host/gateway/update.ts';
import { readProcess } from '../../../src/host/processes.ts';
import type { FakeGateway } from '../../fixtures/gateway/install.ts';
import { freePort } from '../../helpers/daemon.ts';
import { installed, placeOf, room, running } from './places.ts';

type Fake = FakeGateway & { readonly home: string };

/** What forbids touching it; `port` is one that nobody listens on. */
async function obstacles(fake: Fake, place: GatewayPlace, tracked?: ProcessIdentity): Promise<readonly string[]> {
  const found = await surveyGateway(place, { env: fake.env, homeFolder: fake.home, tracked });
  return found.map(({ kind, text }) => `${kind}: ${text}`);
}

function writeWish({ state }: Fake, at: number, action: string): void {
  mkdirSync(join(state, 'logs'), { recursive: true });
  const line = `[${new Date(at).toISOString()}] openclaw gateway lifecycle source=cli action=${action} mode=rpc pid=7 interactive=1`;
  writeFileSync(join(state, 'logs/gateway-restart.log'), `something else\n${line}\nand more\n`);
}

const MINUTE = 60_000;

/** A process that was started then, as its start time is written down on this system. */
function startedAt(at: number): ProcessIdentity {
  const ticks = Math.round((uptime() * 1_000 - (Date.now() - at)) / 10);
  return { pid: 1, startToken: `${bootId()}:${process.platform === 'linux' ? ticks : new Date(at).toUTCString()}` };
}

describe('a stop by hand', () => {
  it('is respected, until the gateway was started again', async () => {
    const fake = installed('openclaw', await freePort());
    const place = await placeOf(fake);
    expect(await obstacles(fake, place)).toEqual([]);
    const at = Date.now() - 2 * MINUTE;
    writeWish(fake, at, 'stop');
    expect(await obstacles(fake, place)).toEqual([
      expect.stringMatching(/^stopped-by-person: It was stopped by hand at/),
    ]);
    expect(await obstacles(fake, place, startedAt(at - MINUTE))).toHaveLength(1);
    expect(await obstacles(fake, place, startedAt(at + MINUTE))).toEqual([]);
    const gateway = await running(fake);
    await gateway.stop();
    expect(await obstacles(fake, place)).toEqual([]);
  });

  it('of an earlier boot of the host says nothing any more', async () => {
    const fake = installed('openclaw', await freePort());
    writeWish(fake, Date.parse('2020-01-01T00:00:00Z'), 'stop');
    expect(await obstacles(fake, await placeOf(fake))).toEqual([]);
  });

  test('a restart by its own command line is left to it for a minute', async () => {
    const fake = installed('openclaw', await freePort());
    const place = await placeOf(fake);
    writeWish(fake, Date.now() - 5_000, 'restart');
    expect(await obstacles(fake, place)).toEqual([expect.stringMatching(/^work: It is restarted by its own/)]);
    writeWish(fake, Date.now() - 2 * MINUTE, 'restart');
    expect(await obstacles(fake, place)).toEqual([]);
  });

  test('lines that are none are passed over', () => {
    expect(lastWishIn(['[x] openclaw gateway lifecycle action=stop', '', 'action=stop'])).toBeUndefined();
  });
});

describe('an update', () => {
  it('is seen by what it lays out beside the package, while that is young', async () => {
    const fake = installed('openclaw', await freePort());
    const place = await placeOf(fake);
    const stage = join(dirname(dirname(fake.entry)), '.openclaw.update-stage-x1');
    mkdirSync(stage);
    expect(await obstacles(fake, place)).toEqual([expect.stringContaining(stage)]);
    const old = Date.now() / 1_000 - 4_000;
    utimesSync(stage, old, old);
    expect(await obstacles(fake, place)).toEqual([]);
  });

  it('is what npm set aside beside the package', async () => {
    const fake = installed('openclaw', await freePort());
    const place = await placeOf(fake);
    const beside = dirname(dirname(fake.entry));
    for (const name of ['.openclaw-Ab12Cd34', '.openclaw-note', '.other-Ab12Cd34']) mkdirSync(join(beside, name));
    expect(await obstacles(fake, place)).toEqual([expect.stringContaining('/.openclaw-Ab12Cd34.')]);
  });

  it('of a gateway that runs from its source is what happens in that folder', () => {
    const source = join(room(), 'openclaw');
    mkdirSync(join(source, 'dist'), { recursive: true });
    mkdirSync(join(source, 'node_modules/openclaw/dist'), { recursive: true });
    expect(checkoutOf(join(source, 'dist/index.js'))).toBeUndefined();
    mkdirSync(join(source, '.git'));
    expect(checkoutOf(join(source, 'dist/index.js'))).toBe(source);
    expect(checkoutOf(join(source, 'openclaw.mjs'))).toBe(source);
    expect(checkoutOf(join(source, 'node_modules/openclaw/dist/index.js'))).toBeUndefined();
  });

  it('is seen by the program file that is missing', async () => {
    const fake = installed('clawdbot', await freePort());
    const place = await placeOf(fake);
    unlinkSync(fake.entry);
    expect(await obstacles(fake, place)).toEqual([expect.stringMatching(/^work: The program file .* is missing/)]);
    rmSync(join(fake.bin, 'clawdbot'));
    expect(await obstacles(fake, place)).toEqual([]);
  });
});

test('a gateway that drains is left to finish', async () => {
  const fake = installed('openclaw', await freePort());
  const place = await placeOf(fake);
  const gateway = await running(fake, ['--drain', '60000']);
  gateway.child.kill('SIGHUP');
  await expect.poll(() => obstacles(fake, place)).toContainEqual(expect.stringMatching(/^work: It drains/));
});

test('its crash-loop breaker is found where it has tripped', async () => {
  const fake = installed('openclaw', await freePort());
  const place = await placeOf(fake);
  expect(breakerTrippedAt(place)).toBeUndefined();
  await running(fake, ['--breaker']);
  expect(breakerTrippedAt(place)).toBeGreaterThan(Date.now() - MINUTE);
});

test('one that somebody has just started is left to start, unless somebody owns it', async () => {
  const fake = installed('openclaw', await freePort());
  const place = await placeOf(fake);
  const { pid } = await running(fake);
  expect(await obstacles(fake, place)).toEqual([`work: A process of openclaw was started a moment ago (pid ${pid}).`]);
  const known = await readProcess(pid);
  expect(await obstacles(fake, place, known)).toEqual([]);
  expect(await surveyGateway(place, { env: fake.env, homeFolder: fake.home, isOwned: true })).toEqual([]);
});
