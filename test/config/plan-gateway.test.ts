import * as v from 'valibot';
import { describe, expect, it, test } from 'vitest';
import { actionNamed } from '../../actions/index.ts';
import { checkNamed } from '../../checks/index.ts';
import { effectiveConfig } from '../../src/config/effective.ts';
import { compilePlan } from '../../src/config/plan.ts';
import type { FoundGateway } from '../../src/core/gateway.ts';
import { shippedEquip } from '../helpers/equip.ts';
import { loaded } from './homes.ts';

const place = {
  brand: 'openclaw',
  stateFolder: '/home/ada/.openclaw',
  configFile: '/home/ada/.openclaw/openclaw.json',
  lockFolders: ['/home/ada/.openclaw/tmp/openclaw-1000'],
  port: 19_001,
} as const;
const gateway: FoundGateway = { place, unit: undefined, stamp: '1' };
const home = { equip: await shippedEquip(), mounts: [], homeFolder: '/home/ada', home: '/home/ada/jarvis-health' };

async function planOf(options: string, found: FoundGateway | 'none' = gateway) {
  const gateways = found === 'none' ? {} : { gateway: found };
  const config = `services:\n  gateway:\n    preset: gateway\n${options.replace(/^(?=.)/gm, '    ')}\n`;
  const plan = compilePlan(await loaded(config), { ...home, gateways });
  const target = plan.targets['gateway'];
  if (target === undefined) throw new Error('there is no gateway in the plan');
  return { plan, target, steps: target.playbooks[0]?.steps ?? [] };
}

describe('the preset of a gateway', () => {
  it('brings its own looks, patience and budget', async () => {
    const { plan, target } = await planOf('');
    expect(Object.keys(plan.checks).slice(0, 2)).toEqual(['gateway:process', 'gateway:gateway']);
    expect(plan.checks['gateway:gateway']).toMatchObject({ everyMs: 10_000, timeoutMs: 10_000, hungAfterMs: 90_000 });
    expect(plan.checks['gateway:process']?.options).toMatchObject({ port: 19_001, gateway: place });
    expect(target.policy).toMatchObject({
      startGraceMs: 300_000,
      uncleanEnds: { most: 2, windowMs: 600_000, patienceMs: 1_800_000 },
    });
    expect(target.playbooks[0]?.name).toBe('gateway-restart');
  });

  it('yields to every option that is written', async () => {
    const written = [
      'http: http://127.0.0.1:5000/',
      'hungAfter: 6s',
      'startGrace: 20s',
      'stopGrace: 5s',
      'start: [openclaw, gateway]',
      'policy: { uncleanEnds: { most: 4, window: 1m, patience: 2m }, cooldown: 1s }',
    ];
    const { plan, target, steps } = await planOf(written.join('\n'));
    expect(Object.keys(plan.checks).slice(0, 2)).toEqual(['gateway:process', 'gateway:http']);
    expect(plan.checks['gateway:process']?.options).toMatchObject({ port: 5_000 });
    expect(target.policy).toMatchObject({
      startGraceMs: 20_000,
      cooldownMs: 1_000,
      uncleanEnds: { most: 4, windowMs: 60_000, patienceMs: 120_000 },
    });
    expect(steps[0]?.options).toMatchObject({ stopGraceMs: 5_000, argv: ['openclaw', 'gateway'] });
  });

  it('asks its command line last, and only where it may have an owner', async () => {
    const names = async (options: string) => (await planOf(options)).steps.map(({ action }) => action);
    expect(await names('')).toEqual(['restart-service', 'gateway-cli-restart']);
    expect(await names('start: [openclaw, gateway]')).toEqual(['restart-service']);
    const [, last] = (await planOf('env: { PATH: /opt/bin, TOKEN: x }')).steps;
    expect(last).toMatchObject({ when: ['crashed', 'oom-killed', 'not-running', 'unreachable'], timeoutMs: 75_000 });
  });

  it('gives checks and actions options that they take', async () => {
    for (const options of ['', 'start: [openclaw, gateway]\nenv: { OPENCLAW_STATE_DIR: /srv/x }']) {
      const { plan, steps } = await planOf(options, { ...gateway, unit: 'openclaw-gateway.service' });
      for (const { name, options } of Object.values(plan.checks))
        expect(v.safeParse(checkNamed(name)?.options ?? v.never(), options).issues, name).toBeUndefined();
      for (const { action, options } of steps)
        expect(v.safeParse(actionNamed(action)?.options ?? v.never(), options).issues, action).toBeUndefined();
    }
  });

  it('has the unit of its own installer for its owner, unless the config knows better', async () => {
    const found = { ...gateway, unit: 'openclaw-gateway.service' };
    const { plan, target } = await planOf('', found);
    expect(target).toMatchObject({ unit: 'openclaw-gateway.service', because: undefined });
    // Only its likely owner: who is seen to own what runs comes before it.
    const looked = plan.checks['gateway:process']?.options;
    expect(looked).toMatchObject({ gateway: { ...place, unit: 'openclaw-gateway.service' } });
    expect(looked).not.toHaveProperty('unit');
    expect((await planOf('unit: docker:claw', found)).target.unit).toBe('docker:claw');
    expect((await planOf('start: [openclaw, gateway]', found)).target.unit).toBeUndefined();
    expect((await planOf('')).target).toMatchObject({ needsOwner: true, because: expect.stringContaining('start') });
  });

  it('is another service for a refused configuration when its own config changes', async () => {
    const before = (await planOf('')).target.fingerprint;
    expect((await planOf('')).target.fingerprint).toBe(before);
    expect((await planOf('', { ...gateway, stamp: '2' })).target.fingerprint).not.toBe(before);
  });

  it('is looked for, and not found, where none is installed', async () => {
    const { plan, steps } = await planOf('', 'none');
    expect(plan.checks['gateway:gateway']?.options).toEqual({ gateway: undefined });
    expect(steps.map(({ action }) => action)).toEqual(['restart-service']);
  });
});

test('other services have no budget unless it is written, and then the whole of it', async () => {
  const services =
    'services:\n  a: { tcp: 127.0.0.1:1 }\n  b: { tcp: 127.0.0.1:2, policy: { uncleanEnds: { most: 1 } } }\n';
  const { targets } = compilePlan(await loaded(services), home);
  expect(targets['a']?.policy.uncleanEnds).toBeUndefined();
  expect(targets['b']?.policy.uncleanEnds).toEqual({ most: 1, windowMs: 600_000, patienceMs: 1_800_000 });
});

test('what the preset brings is said to come from it', async () => {
  const config = await loaded('services:\n  gateway: { preset: gateway, startGrace: 1m }\n');
  const options = new Map(
    effectiveConfig(config, { mounts: [] }).map(({ path, value, origin }) => [
      path.slice(2).join('.'),
      [value, origin],
    ]),
  );
  expect(options.get('hungAfter')).toEqual(['90s', 'preset: gateway']);
  expect(options.get('startGrace')).toEqual(['1m', 'config.yaml:2']);
  expect(options.get('policy.uncleanEnds.most')).toEqual(['2', 'preset: gateway']);
});
