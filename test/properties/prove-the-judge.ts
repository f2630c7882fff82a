import fc from 'fast-check';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { judge } from '../../src/core/judge.ts';
import { StateSchema } from '../../src/store/state-schema.ts';
import { grouped } from './grouped.ts';
import { type Deed, deeds, live, type Sketch, sketches } from './histories.ts';
import type { StridingHost } from './host.ts';
import { wrongsOf } from './wrongs.ts';

/** In each of the two files. */
const HISTORIES = Number(process.env['HISTORIES'] ?? 2_000);
/** Fixed, so that what is green stays green; SEED=N lives other histories. */
const SEED = Number(process.env['SEED'] ?? 1);

/** A random history, many times over. Its seed is said, so that a failure can be lived again. */
function always(share: number, seed: number, holds: (sketch: Sketch, list: readonly Deed[]) => void): void {
  process.stdout.write(`${Math.ceil(HISTORIES * share)} histories, SEED=${seed}\n`);
  fc.assert(fc.property(sketches, deeds, holds), { numRuns: Math.ceil(HISTORIES * share), seed });
}

function wellFormed(host: StridingHost): void {
  const { state } = host.world;
  const again: unknown = JSON.parse(JSON.stringify(state));
  const read = v.parse(StateSchema, again);
  expect(JSON.stringify(read)).toBe(JSON.stringify(v.parse(StateSchema, JSON.parse(JSON.stringify(read)))));
  for (const target of Object.values(state.targets)) {
    expect(target.attempts.length).toBeLessThanOrEqual(40);
    expect(target.rulings.length).toBeLessThanOrEqual(20);
    expect(target.startTimesMs.length).toBeLessThanOrEqual(10);
  }
  for (const incident of Object.values(state.incidents)) expect(incident.steps.length).toBeLessThanOrEqual(200);
  expect(Object.keys(state.incidents).length).toBeLessThanOrEqual(206);
}

/** Two files of one content, for two cores: each has a seed of its own. */
export function proveTheJudge(half: 0 | 1): void {
  const seed = SEED * 2 + half;

  test('no limit, no hold, no bound of a playbook and no rule of telling is ever passed', () => {
    always(0.8, seed, (sketch, list) => {
      const host = live(sketch, list);
      const wrongs = wrongsOf(host, sketch);
      if (wrongs.length > 0) throw new Error(wrongs.join('\n'));
      wellFormed(host);
    });
  });

  test('what is well again comes to rest, and everybody who was told of it is told so', () => {
    always(0.15, seed, (sketch, list) => {
      const host = live(sketch, list);
      host.crash = undefined;
      host.work.clear();
      for (const scope of ['all', ...Object.keys(host.plan.targets)]) {
        host.ask({ type: 'release', scope });
        host.ask({ type: 'unsilence', scope });
      }
      for (const service of host.services.values()) Object.assign(service, { condition: 'up', start: 'up' });
      host.stride(12, 10_000);
      host.stride(20, 31_000);
      const told = grouped(host.told, ({ alert }) => alert.incident);
      for (const id of Object.keys(host.plan.targets)) {
        const target = host.world.state.targets[id];
        expect([id, target?.incident, target?.belief]).toEqual([id, undefined, 'ok']);
        expect(target?.attempts.every(({ phase }) => phase === 'ended')).toBe(true);
      }
      for (const [incident, alerts] of told)
        if (incident !== '') expect([incident, alerts.at(-1)?.alert.kind]).toEqual([incident, 'resolved']);
      expect(host.world.state.owed).toEqual([]);
      expect(host.world.state.outbox).toEqual([]);
    });
  });

  test('the judge is the same for the same, changes nothing that it is given, and answers whatever comes', () => {
    always(0.05, seed, (sketch, list) => {
      live(sketch, list, (world, event, plan, now) => {
        for (const one of [world, event, plan, now]) freeze(one);
        expect(judge(world, event, plan, now)).toEqual(judge(world, event, plan, now));
      });
    });
  });
}

function freeze(one: object): void {
  if (Object.isFrozen(one)) return;
  Object.freeze(one);
  for (const part of Object.values(one)) if (typeof part === 'object' && part !== null) freeze(part);
}
