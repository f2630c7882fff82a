import { describe, expect, it } from 'vitest';
import { actions } from '../../actions/index.ts';
import { compilePlan } from '../../src/config/plan.ts';
import type { TargetPlan } from '../../src/core/plan.ts';
import type { Definition } from '../../src/playbooks/definition.ts';
import { createEquip, type Misfit } from '../../src/playbooks/equip.ts';
import { loaded } from '../config/homes.ts';
import { definitionOf } from './reading.ts';

const CONFIG = `
services:
  a: { start: [python3, ~/a.py], cwd: ~/a, http: http://127.0.0.1:9/, env: { TOKEN: x }, stopGrace: 4s }
  g: { preset: gateway }
disk: [{ path: /, cleanup: [{ folder: ~/old }] }, { path: /srv, cleanup: [{ folder: ~/older }] }, { path: /mnt }]
logs: [{ match: ~/one/*.log }, { match: ~/two/*.log, keep: 3 }]
`;

async function planWith(
  definitions: readonly Definition[],
  automatic: Readonly<Record<string, string>>,
  config = CONFIG,
) {
  const misfits: string[] = [];
  const note = ({ target, because, wanted }: Misfit) => wanted && misfits.push(`${target}: ${because}`);
  const library = {
    named: (name: string) => definitions.find((one) => one.name === name),
    all: definitions.map((definition) => ({ definition, shadowed: false })),
  };
  const equip = createEquip(library, actions, note);
  const plan = compilePlan(await loaded(config), {
    ...{ mounts: [], homeFolder: '/home/ada', home: '/home/ada/jh' },
    equip: (sketch) => {
      const name = automatic[sketch.target.id];
      return equip({ ...sketch, automatic: name === undefined ? [] : [name] });
    },
  });
  const of = (id: string): TargetPlan => {
    const target = plan.targets[id];
    if (target === undefined) throw new Error(`no ${id}`);
    return target;
  };
  return { of, misfits };
}

const playbook = (steps: string, kind = 'service', more = '') =>
  definitionOf(`name: mine\nsummary: Mends it.\nfor: ${kind}\nslo: 1h\n${more}steps:\n${steps.replace(/^/gm, '  ')}\n`);

describe('a playbook on a target', () => {
  it('lays its options over what the config of the target says', async () => {
    const mine = playbook('- action: restart-service\n  with: { hungStopGrace: 9s }\n  retries: 2');
    const { of } = await planWith([mine], { a: 'mine' });
    expect(of('a').playbooks).toMatchObject([
      {
        name: 'mine',
        summary: 'Mends it.',
        sloMs: 3_600_000,
        steps: [
          {
            action: 'restart-service',
            options: {
              service: 'a',
              argv: ['python3', '/home/ada/a.py'],
              cwd: '/home/ada/a',
              stopGraceMs: 4_000,
              hungStopGraceMs: 9_000,
            },
            recovers: true,
            retries: 2,
            backoffMs: 30_000,
            verify: {},
            // Both graces, a moment to settle, and an owner that takes its time.
            timeoutMs: 113_300,
          },
        ],
      },
    ]);
  });

  it('proves itself by checks of the target, which it names without it', async () => {
    const mine = playbook(
      '- action: restart-service\n  verify: { checks: [http, process], good: 3, every: 1s, within: 9s }',
    );
    const { of } = await planWith([mine], { a: 'mine' });
    expect(of('a').playbooks[0]?.steps[0]?.verify).toEqual({
      checks: ['a:http', 'a:process'],
      goods: 3,
      everyMs: 1_000,
      withinMs: 9_000,
    });
  });

  it('becomes one step for each disk that has rules, and for each rule for logs', async () => {
    const disk = { ...playbook('- action: clean-disk', 'disk'), name: 'd' };
    const logs = { ...playbook('- action: rotate-log\n  timeout: 5m', 'logs'), name: 'l' };
    const { of } = await planWith([disk, logs], { disk: 'd', logs: 'l' });
    expect(of('disk').playbooks[0]?.steps.map(({ checks, timeoutMs }) => [checks, timeoutMs])).toEqual([
      [['disk:/'], 600_000],
      [['disk:/srv'], 600_000],
    ]);
    expect(of('logs').playbooks[0]?.steps).toMatchObject([
      { checks: ['logs:~/one/*.log'], options: { match: '/home/ada/one/*.log', keep: 10 }, timeoutMs: 300_000 },
      { checks: ['logs:~/two/*.log'], options: { keep: 3 } },
    ]);
  });

  it('says why nothing is done where there is nothing that may be done', async () => {
    const disk = playbook('- action: clean-disk', 'disk');
    const { of, misfits } = await planWith([disk], { disk: 'mine' }, 'disk: [{ path: / }]');
    expect(of('disk')).toMatchObject({ playbooks: [], byHand: [] });
    expect(of('disk').because).toContain('add `cleanup:`');
    expect(misfits).toEqual([]);
  });

  it('is by hand for every other target of its kind that it fits', async () => {
    const cli = { ...playbook('- action: gateway-cli-restart'), name: 'cli' };
    const restart = { ...playbook('- action: restart-service'), name: 'restart' };
    const { of } = await planWith([restart, cli], { a: 'restart' });
    expect(of('a').byHand).toEqual([]);
    expect(of('g').byHand.map(({ name }) => name)).toEqual(['restart']);
    expect(of('memory').byHand).toEqual([]);
  });

  it.each([
    [
      'a check that it does not have',
      '- action: restart-service\n  verify: { checks: [tcp] }',
      'service',
      'playbooks/mine.yaml:7:24 steps[0].verify.checks[0] is "tcp", which a does not have: it can never be well; there are process, http',
    ],
    [
      'a proof that its own policy makes impossible',
      '- action: restart-service\n  verify: { every: 6s, within: 10s }',
      'service',
      'steps[0].verify can never be true for a: 2 good looks, one every 6s, take longer than 10s',
    ],
    [
      'an action for something else',
      '- action: gateway-cli-restart',
      'service',
      'steps[0] cannot be done for a: gateway-cli-restart needs gateway, which its config does not say',
    ],
    [
      'another kind',
      '- action: report-top-processes\n  with: { count: 3 }',
      'memory',
      'a: the playbook mine is for memory, not for service',
    ],
  ])('with %s is not used, and it is said where', async (_, steps, kind, want) => {
    const { of, misfits } = await planWith([playbook(steps, kind)], { a: 'mine' });
    expect(misfits.join('\n')).toContain(want);
    expect(of('a').playbooks).toEqual([]);
    expect(of('a').because).toMatch(/^the playbook mine /);
  });

  it('that is not there leaves the target without one, and says so', async () => {
    const { of } = await planWith([], { a: 'mine' });
    expect(of('a').because).toBe('the playbook mine is none that can be used');
  });
});
