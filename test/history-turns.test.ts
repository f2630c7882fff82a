import { describe, expect, it } from 'vitest';
import type { HistoryView } from '../src/core/history-view.ts';
import { createHistoryTurns } from '../src/history-turns.ts';
import { servicePlan, UNHURRIED } from './helpers/plans.ts';
import { VirtualWorld } from './helpers/virtual-world.ts';
import { past } from './page/past.ts';

/** A daemon's story in which the past is read; `reads` are whole minutes since 12:00, when it began. */
function story(plan = servicePlan({ web: UNHURRIED })) {
  const world = new VirtualWorld(plan).boot();
  const began = world.now + world.wallShift;
  const reads: number[] = [];
  const troubles: string[] = [];
  const answers: ((history: HistoryView) => void)[] = [];
  const refusals: ((error: unknown) => void)[] = [];
  const turns = createHistoryTurns({
    state: () => world.world.state,
    read: (now) => {
      reads.push(Math.round((now - began) / 6_000) / 10);
      return new Promise((resolve, reject) => {
        answers.push(resolve);
        refusals.push(reject);
      });
    },
    use: () => undefined,
    onTrouble: (error) => troubles.push(String(error)),
  });
  async function pass(seconds: number, answered = true): Promise<readonly number[]> {
    for (let n = 0; n < seconds; n += 1) {
      world.pass(1);
      turns.tick({ at: world.now + world.wallShift, steady: world.now });
      if (answered) for (const answer of answers.splice(0)) answer(past(world.now));
      if (answered) await Promise.resolve().then(() => undefined);
    }
    return reads.splice(0);
  }
  return { world, pass, troubles, refusals };
}

describe('the past of a running daemon', () => {
  it('is read at the start, a minute later, at the end of each slot, and when an incident begins or ends', async () => {
    const { world, pass } = story();
    expect(await pass(1_900)).toEqual([0, 1, 15, 30]);
    world.service('web').condition = 'dead';
    expect(await pass(300)).toEqual([31.7]);
  });

  it('is read when an incident begins that nobody ends, and no oftener for it', async () => {
    const { world, pass } = story(servicePlan({ web: { ...UNHURRIED, noStart: true } }));
    expect(await pass(1_200)).toEqual([0, 1, 15]);
    world.service('web').condition = 'dead';
    const reads = await pass(480);
    expect(reads).toHaveLength(1);
    expect(reads[0]).toBeLessThan(21);
  });

  it('is read by one at a time', async () => {
    const { pass } = story();
    expect(await pass(1_000, false)).toEqual([0]);
  });

  it('is told once when it cannot be read, and tried again', async () => {
    const { pass, refusals, troubles } = story();
    for (let n = 0; n < 3; n += 1) {
      expect(await pass(900, false)).toHaveLength(1);
      for (const refuse of refusals.splice(0)) refuse(new Error('EIO'));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(troubles).toEqual(['Error: EIO']);
  });
});
