import { describe, expect, test } from 'vitest';
import { overview } from '../../src/core/overview.ts';
import type { Playbook, Step } from '../../src/core/plan.ts';
import type { TargetView } from '../../src/core/snapshot.ts';
import { renderExplanation } from '../../src/text/explain.ts';
import { servicePlan, withLadder } from '../helpers/plans.ts';
import { VirtualWorld } from '../helpers/virtual-world.ts';
import { calm } from '../page/snapshots.ts';

function worldOf(steps: readonly Partial<Step>[], over: Partial<Playbook> = {}): VirtualWorld {
  const base = servicePlan({ web: { policy: { startGraceMs: 10_000 }, processEveryMs: 1_000 } });
  const world = new VirtualWorld(withLadder(base, 'web', steps, over)).boot().pass(60);
  world.service('web').start = () => ({ exit: 1 });
  world.service('web').condition = 'dead';
  return world;
}

function snapshotOf(world: VirtualWorld) {
  const now = { at: world.now + world.wallShift, steady: world.now };
  return overview(world.world, world.plan, calm(now.at), now);
}

function viewOf(world: VirtualWorld): TargetView {
  const [target] = snapshotOf(world).targets;
  return target ?? expect.fail('no target');
}

function explained(world: VirtualWorld): string {
  const nowMs = world.now + world.wallShift;
  return renderExplanation(snapshotOf(world), viewOf(world), { width: 100, color: false, unicode: true, nowMs });
}

describe('a recovery under way is shown', () => {
  test('with its playbook, its class and evidence, its step and try', () => {
    const world = worldOf([{ retries: 2, backoffMs: 30_000 }, { action: 'stronger' }]).pass(20);
    expect(viewOf(world).recovery).toMatchObject({
      playbook: 'ladder',
      class: 'crashed',
      because: ['web:process gone'],
      action: 'restart it',
      step: 1,
      of: 2,
      try: 2,
      tries: 3,
      phase: 'waiting',
      waitsFor: 'the time of its next try',
      next: 'try 3 of 3 after 1 min',
    });
    const until = viewOf(world).recovery?.until ?? 0;
    expect(Math.round((until - world.now - world.wallShift) / 5_000) * 5).toBe(10);
    expect(viewOf(world).detail).toBe(
      'recovering, attempt 1: step 1 of 2, try 2 of 3: restart it; it waits for the time of its next try',
    );
  });

  test('as it acts, and as it awaits its proof', () => {
    const world = worldOf([{ verify: { checks: ['web:http'], goods: 2, everyMs: 2_000 } }]);
    world.service('web').start = () => ({ bootMs: 8_000 });
    while (viewOf(world).recovery === undefined) world.pass(0.01);
    expect(viewOf(world).recovery).toMatchObject({ phase: 'acting', waitsFor: 'its action to end', try: 1, tries: 1 });
    expect(viewOf(world.pass(5)).recovery).toMatchObject({
      phase: 'verifying',
      waitsFor: '2 good looks of web:http, 2 s apart',
      next: 'the attempt is over',
    });
    expect(viewOf(world.pass(20)).recovery).toBeUndefined();
  });

  test('with what holds the next try back, when its time has come', () => {
    const world = worldOf([{ retries: 2, backoffMs: 10_000 }]).pass(5);
    world.says = () => 'blind';
    world.pass(20);
    expect(viewOf(world).recovery?.waitsFor).toBe(
      'Try 2 of 3 waits: no look sees the trouble now; the next ones decide',
    );
    expect(viewOf(world).recovery?.until).toBeUndefined();
  });

  test('by the incident as what comes next, and as a row of its story', () => {
    const world = worldOf([{ retries: 2, backoffMs: 30_000 }]).pass(20);
    const [incident] = snapshotOf(world).incidents;
    expect(incident?.next).toMatch(
      /^A recovery is running: try 2 of 3: restart it; it waits for the time of its next try, at \d\d:\d\d:\d\d\.$/,
    );
    expect(incident?.steps.map(({ kind, text }) => [kind, text])).toEqual([
      ['detected', 'web stopped running'],
      ['attempt-started', 'Attempt 1 of 3: restart it'],
      ['did', 'Started it'],
      ['step-failed', 'exit 1'],
      ['retry-planned', 'It is tried again in 30 s'],
    ]);
    expect(incident?.steps[1]?.detail).toBe('Playbook ladder, class "crashed": web:process gone');
    world.pass(20);
    expect(snapshotOf(world).incidents[0]?.steps.map(({ text }) => text)).toContain('Try 2 of 3: restart it');
  });

  test('by explain, with the result of every try', () => {
    const world = worldOf([{ retries: 1, backoffMs: 30_000 }, { action: 'stronger' }]).pass(45);
    world.pass(600);
    const [attempt] = viewOf(world).attempts.toReversed();
    expect(attempt).toMatchObject({
      class: 'crashed',
      steps: [
        { step: 1, try: 1, result: 'failed', trouble: 'exit 1' },
        { step: 1, try: 2, result: 'failed' },
        { step: 2, try: 1, action: 'stronger', result: 'failed' },
      ],
    });
    expect(explained(world)).toMatch(/Playbook ladder, class "crashed": web:process gone/);
    expect(explained(world)).toMatch(/step 1, try 2: restart it: failed \(exit 1\)/);
  });

  test('by explain, with what it waits for and until when', () => {
    const text = explained(worldOf([{ retries: 2, backoffMs: 30_000 }]).pass(20));
    expect(text).toContain('Step 1 of 1, try 2 of 3: restart it\n');
    expect(text).toMatch(/It waits for the time of its next try, until \d\d:\d\d:\d\d\n/);
    expect(text).toContain('If it does not help: try 3 of 3 after 1 min\n');
    expect(text).toContain('1. Restart it (up to 3 tries)\n');
  });
});
