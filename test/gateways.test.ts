import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { examineGateways, findGateways } from '../src/gateways.ts';
import { loaded } from './config/homes.ts';
import { installed } from './host/gateway/places.ts';

async function found(options: object) {
  const fake = installed('openclaw', 19_001);
  // Where npm puts the commands of a user that has told it so; on nobody's PATH.
  mkdirSync(join(fake.home, '.npm-global'));
  symlinkSync(fake.bin, join(fake.home, '.npm-global/bin'));
  const file = join(fake.home, '.config/systemd/user/openclaw-gateway.service');
  mkdirSync(join(fake.home, '.config/systemd/user'), { recursive: true });
  writeFileSync(file, `[Service]\nExecStart=/usr/bin/node ${fake.entry} gateway\n`);
  const { config } = await loaded(
    JSON.stringify({ services: { gateway: { preset: 'gateway', ...options }, web: { tcp: '127.0.0.1:1' } } }),
  );
  const world = { config, homeFolder: fake.home };
  const gateways = await findGateways(world);
  return { fake, gateways, examined: await examineGateways(gateways, world) };
}

test('a gateway is found for the service that asks for one, and told apart by its config', async () => {
  const { gateways, fake } = await found({});
  expect(Object.keys(gateways)).toEqual(['gateway']);
  expect(gateways['gateway']).toMatchObject({
    place: { brand: 'openclaw', stateFolder: fake.state, port: 19_001 },
    unit: 'openclaw-gateway.service',
    stamp: expect.stringMatching(/\d/),
  });
});

test('a unit that no supervisor here knows is not its owner', async () => {
  const { examined } = await found({});
  expect(examined['gateway']?.unit).toBeUndefined();
  expect(examined['gateway']?.path).toBeUndefined();
});

test('its start command finds its own program and its own Node first', async () => {
  const { examined, fake } = await found({ start: ['openclaw', 'gateway'], env: { PATH: '/usr/bin' } });
  const folders = examined['gateway']?.path?.split(':');
  expect(folders?.slice(0, 2)).toContain(join(fake.home, '.npm-global/bin'));
  expect(folders?.at(-1)).toBe('/usr/bin');
});
