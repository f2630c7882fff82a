import { expect, test } from 'vitest';
import type { Result } from '../../src/core/types.ts';
import { servicePlan } from '../helpers/plans.ts';
import { VirtualWorld } from '../helpers/virtual-world.ts';

/** A budget that is used up by two ends. */
const policy = { uncleanEnds: { most: 2, windowMs: 600_000, patienceMs: 1_800_000 } };

/** A look at its process comes back that was begun before the process of now was the service. */
function late(of: (now: Result) => Partial<Result>) {
  const world = new VirtualWorld(servicePlan({ web: { policy } })).boot().pass(60);
  const seen = world.world.latest['web:process'];
  if (seen?.process === undefined) throw new Error('no process was seen');
  world.send({ type: 'looked', result: { ...seen, look: seen.look + 0.5, ...of(seen) } });
  const { tracked, uncleanEnds } = world.world.state.targets['web'] ?? {};
  return { world, tracked, seen: seen.process, uncleanEnds };
}

const CHILD = { pid: 4_711, startToken: 'child' };
const child = ({ process }: Result): Partial<Result> => (process ? { process: { ...process, ...CHILD } } : {});
const GONE: Partial<Result> = { status: 'critical', reason: 'gone', evidence: 'definite', process: undefined };

test('a look that knew of nobody yet proves no end of who was started meanwhile', () => {
  const { world, tracked, seen, uncleanEnds } = late((now) => ({ ...child(now), begunWith: 'nobody' }));
  expect(uncleanEnds).toEqual([]);
  expect(tracked?.pid).toBe(seen.pid);
  expect(world.pass(60).world.state.targets['web']?.uncleanEnds).toEqual([]);
});

test('nor does one that saw the end of who was the service before', () => {
  expect(late(() => ({ ...GONE, begunWith: CHILD })).uncleanEnds).toEqual([]);
});

test('a look that knew the service of now, and found another in its place, does', () => {
  const { tracked, seen, uncleanEnds } = late((now) => ({ ...child(now), begunWith: now.process }));
  expect(tracked?.pid).toBe(CHILD.pid);
  expect(uncleanEnds).toMatchObject([{ pid: seen.pid }]);
});
