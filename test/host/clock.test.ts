import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ClockSources, createClock, systemSources } from '../../src/host/clock.ts';

/** A host whose time passes only when told to: awake (all clocks), asleep (uptime and wall only), wall set by a person. */
function fakeHost(uptimeResolutionMs = 10) {
  const host = { wall: 1_800_000_000_000, uptime: 5_000, monotonic: 700, boot: 'first' };
  const sources: ClockSources = {
    wallMs: () => host.wall,
    uptimeMs: () => Math.floor(host.uptime / uptimeResolutionMs) * uptimeResolutionMs,
    monotonicMs: () => host.monotonic,
    bootId: () => host.boot,
  };
  return {
    sources,
    wake(ms: number) {
      host.wall += ms;
      host.uptime += ms;
      host.monotonic += ms;
    },
    sleep(ms: number) {
      host.wall += ms;
      host.uptime += ms;
    },
    setWall(byMs: number) {
      host.wall += byMs;
    },
    reboot(awayMs: number) {
      host.wall += awayMs;
      host.uptime = 0;
      host.monotonic = 0;
      host.boot = `after ${host.wall}`;
    },
  };
}

describe('the steady clock', () => {
  it('starts at zero and takes steps of one ms', () => {
    const host = fakeHost(1_000);
    const clock = createClock(undefined, host.sources);
    expect(clock.now()).toEqual({ at: 1_800_000_000_000, steady: 0 });
    host.wake(1);
    expect(clock.now().steady).toBe(1);
    host.wake(999);
    expect(clock.now().steady).toBe(1_000);
  });

  it('goes on by the uptime when the daemon was away within one boot, whatever the wall clock did', () => {
    const host = fakeHost();
    const first = createClock(undefined, host.sources);
    host.wake(60_000);
    const saved = first.stamp();
    host.wake(5_000);
    host.setWall(-86_400_000);
    expect(createClock(saved, host.sources).now().steady).toBe(65_000);
  });

  it('goes on by the wall clock after a reboot, and stands still where that went back', () => {
    const host = fakeHost();
    const clock = createClock(undefined, host.sources);
    host.wake(60_000);
    const saved = clock.stamp();
    host.reboot(120_000);
    expect(createClock(saved, host.sources).now().steady).toBe(180_000);
    host.setWall(-1_000_000);
    expect(createClock(saved, host.sources).now().steady).toBe(60_000);
  });

  it('does not take two boots without a name for the same', () => {
    const host = fakeHost();
    const sources = { ...host.sources, bootId: () => '' };
    const saved = { at: 1_800_000_000_000 - 3_000, steady: 1_000, bootId: '', uptimeMs: 0 };
    expect(createClock(saved, sources).now().steady).toBe(4_000);
  });

  it('counts the sleep of the host, though the monotonic clock stood still', () => {
    const host = fakeHost(1_000);
    const clock = createClock(undefined, host.sources);
    host.wake(10_000);
    expect(clock.now().steady).toBe(10_000);
    host.sleep(8 * 3_600_000);
    host.wake(200);
    expect(clock.now().steady).toBeGreaterThan(8 * 3_600_000 + 10_000 - 1_000);
    expect(clock.now().steady).toBeLessThan(8 * 3_600_000 + 10_200 + 1_000);
  });

  it('is not moved by one wrong reading of the uptime', () => {
    const host = fakeHost();
    let readings = 0;
    const sources = { ...host.sources, uptimeMs: () => host.sources.uptimeMs() + (readings++ === 1 ? 9e9 : 0) };
    const clock = createClock(undefined, sources);
    host.wake(500);
    expect(clock.now().steady).toBe(500);
  });

  it('never goes back and equals the time that passed, whatever the wall clock does, across restarts and sleep', () => {
    const event = fc.oneof(
      fc.record({ kind: fc.constant('wake' as const), ms: fc.integer({ min: 0, max: 100_000 }) }),
      fc.record({ kind: fc.constant('sleep' as const), ms: fc.integer({ min: 0, max: 50_000_000 }) }),
      fc.record({ kind: fc.constant('setWall' as const), ms: fc.integer({ min: -1e10, max: 1e10 }) }),
      fc.record({ kind: fc.constant('restart' as const), ms: fc.integer({ min: 0, max: 1_000_000 }) }),
    );
    const property = fc.property(
      fc.array(event, { maxLength: 40 }),
      fc.constantFrom(1, 10, 1_000),
      (events, resolution) => {
        const host = fakeHost(resolution);
        let clock = createClock(undefined, host.sources);
        let passed = 0;
        let before = 0;
        let restarts = 0;
        for (const { kind, ms } of events) {
          if (kind === 'restart') {
            const saved = clock.stamp();
            host.wake(ms);
            clock = createClock(saved, host.sources);
            restarts += 1;
          } else host[kind](ms);
          if (kind !== 'setWall') passed += ms;
          const { steady } = clock.now();
          expect(steady).toBeGreaterThanOrEqual(before);
          before = steady;
        }
        host.wake(100); // a sleep is noticed at the latest after this
        passed += 100;
        // A sleep shorter than 2 s is not told from a coarse uptime; each restart may round that once.
        const error = Math.abs(clock.now().steady - passed);
        expect(error).toBeLessThanOrEqual(2_000 + (restarts + 1) * (resolution + 1));
      },
    );
    fc.assert(property, { numRuns: 300 });
  });
});

describe('the sources of this host', () => {
  it('name the boot and agree on how time passes', async () => {
    const sources = systemSources();
    expect(sources.bootId()).toMatch(/^[0-9a-f-]{36}$/i);
    expect(sources.uptimeMs()).toBeGreaterThan(0);
    const clock = createClock(undefined, sources);
    const from = performance.now();
    while (clock.now().steady < 5) await new Promise((resolve) => setImmediate(resolve));
    expect(performance.now() - from).toBeGreaterThanOrEqual(4);
    expect(clock.stamp().bootId).toBe(sources.bootId());
  });
});
