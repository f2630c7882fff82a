import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config/load.ts';
import { compilePlan, type Found } from '../../src/config/plan.ts';
import { writeProblem } from '../../src/config/problems.ts';
import type { TargetPlan } from '../../src/core/plan.ts';
import { shippedEquip } from '../helpers/equip.ts';
import { homeWith, loaded, problems } from './homes.ts';

const found: Found = { mounts: [], homeFolder: '/home/ada', home: '/home/ada/jh', equip: await shippedEquip() };
const targets = async (config: string): Promise<Readonly<Record<string, TargetPlan>>> =>
  compilePlan(await loaded(config), found).targets;
const names = (target: TargetPlan | undefined) => target?.playbooks.map(({ name }) => name);

describe('the playbook of a target', () => {
  it('is by default what has always been done', async () => {
    const plan = await targets('services: { a: { start: [x] }, g: { preset: gateway } }\nlogs: [{ match: ~/x/*.log }]');
    expect(Object.values(plan).map((target) => [target.id, names(target)])).toEqual([
      ['a', ['hung-process', 'port-conflict', 'service-restart']],
      ['g', ['gateway-restart']],
      ['disk', []],
      ['memory', ['memory-pressure']],
      ['logs', ['log-too-large']],
    ]);
    const [step] = plan['a']?.playbooks[0]?.steps ?? [];
    expect(step).toMatchObject({ action: 'restart-service', timeoutMs: 113_300, retries: 0, verify: {} });
    expect(plan['a']?.playbooks.map(({ steps }) => steps)).toEqual([[step], [step], [step]]);
  });

  it('is the one that the config names, or several in their order; the other ones are run by hand', async () => {
    const plan = await targets(
      'services: { a: { start: [x], playbook: service-restart }, b: { start: [x], playbook: [port-conflict, service-restart] } }',
    );
    expect(names(plan['a'])).toEqual(['service-restart']);
    expect(plan['a']?.byHand.map(({ name }) => name)).toEqual(['hung-process', 'port-conflict']);
    expect(names(plan['b'])).toEqual(['port-conflict', 'service-restart']);
  });

  it.each([
    [
      'services: { a: { start: [x], playbook: servise-restart } }',
      'config.yaml:1:30 services.a.playbook is "servise-restart", which is no playbook; there are service-restart, hung-process, port-conflict, gateway-restart, and your own in playbooks/; did you mean service-restart?',
    ],
    [
      'services: { a: { start: [x], playbook: [service-restart, x] } }',
      'config.yaml:1:58 services.a.playbook[1] is "x", which is no playbook;',
    ],
    [
      'services: { a: { start: [x], playbook: disk-pressure } }',
      'config.yaml:1:30 services.a.playbook is disk-pressure, which is for disk, not for service; there are service-restart, ',
    ],
    [
      'policy: { disk: { playbook: log-too-large } }',
      'config.yaml:1:19 policy.disk.playbook is log-too-large, which is for logs, not for disk; there are disk-pressure',
    ],
    ['services: { a: { start: [x], playbook: [] } }', 'services.a.playbook is empty, at least one is needed'],
  ])('that is not there is refused: %s', async (config, want) => {
    expect((await problems(config)).join('\n')).toContain(want);
  });

  it('may be your own, right or wrong: that is for its own file to say', async () => {
    const home = homeWith('services: { a: { start: [x], playbook: mine } }');
    const read = async () => {
      const reading = await readConfig({ home, env: {} });
      return reading.ok ? 'right' : reading.problems.map(writeProblem).join();
    };
    expect(await read()).toContain('is "mine", which is no playbook');
    mkdirSync(join(home, 'playbooks'));
    writeFileSync(join(home, 'playbooks/mine.yaml'), 'name: [');
    expect(await read()).toBe('right');
  });

  it('counts as a part of its config where it is written, so that another one is tried at once', async () => {
    const print = async (playbook: string) =>
      (await targets(`services: { a: { start: [x]${playbook} } }`))['a']?.fingerprint;
    expect(await print(', playbook: service-restart')).not.toBe(await print(''));
  });
});
