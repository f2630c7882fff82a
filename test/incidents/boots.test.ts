import { existsSync, mkdirSync, readFileSync, renameSync, rmdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { eventually } from '../helpers/daemon.ts';
import { withGateway } from '../helpers/gateway.ts';
import { byHealth, explained, letLoose, lockPid, measured, pidOf } from './stage.ts';

describe.concurrent('incidents on record: what is not ready is taken for dead', () => {
  /*
   * openclaw #74281, #72929, #119958. With many plugins a gateway takes minutes to start, and its port refuses until then.
   * A watchdog took the refused port for a dead gateway, killed it and started it anew; the new one was as slow, and never
   * once got as far as an answer.
   */
  test('a slow boot is not killed, and comes up', async ({ onTestFinished }) => {
    const flags = ['--slow-boot', '6000'];
    const { daemon, fake } = await withGateway(onTestFinished, { flags, rest: { hungAfter: '1s', every: '500ms' } });

    const naive = letLoose(onTestFinished, fake.env, byHealth(fake, flags));
    await eventually('it has killed three boots', () => naive.count('killed') >= 3);
    await naive.end();
    measured('slow boot', `${naive.count('killed')} boots killed, ${fake.lived('listens')} came up`);
    expect(naive.count('killed')).toBeGreaterThan(0);
    expect(fake.lived('listens')).toBe(0);

    fake.forget();
    await daemon.start();
    await daemon.until('it says what it waits for', () =>
      /its present run began .* not counted now/.test(explained(daemon)),
    );
    const { attempts } = await daemon.well('gateway');
    expect(attempts).toEqual([]);
    expect((await daemon.snapshot()).incidents).toEqual([]);
    expect([fake.lived('begins'), fake.lived('listens')]).toEqual([1, 1]);
  });

  /*
   * openclaw #18849, #72104. An update stops the gateway and replaces its files. A watchdog saw it down and started it in the
   * middle, again and again: 5,349 restarts in eight hours, each on half a package.
   */
  test('an update is let finish, and the gateway is up afterwards', async ({ onTestFinished }) => {
    const { daemon, fake } = await withGateway(onTestFinished);
    const stage = join(dirname(dirname(fake.entry)), '.openclaw.update-stage-7');
    const aside = `${fake.entry}.old`;
    const begin = () => {
      mkdirSync(stage);
      renameSync(fake.entry, aside);
    };
    const finish = () => {
      renameSync(aside, fake.entry);
      rmdirSync(stage);
    };

    const naive = letLoose(onTestFinished, fake.env, byHealth(fake, [], ['--every', '300']));
    await eventually('it is up', () => fake.lived('listens') === 1);
    begin();
    const from = naive.lines().length;
    process.kill(lockPid(fake), 'SIGTERM');
    const half = () =>
      naive
        .lines()
        .slice(from)
        .filter((line) => line === 'ended 1').length;
    await eventually('it has started half a package', () => half() >= 3);
    measured('update race', `${half()} starts of half a package`);
    expect(half()).toBeGreaterThan(0);
    await naive.end();
    finish();

    fake.forget();
    await daemon.start();
    const { process: first } = await daemon.well('gateway');
    begin();
    process.kill(first?.pid ?? 0, 'SIGTERM');
    const why = 'Not acted upon: An update of openclaw is being laid out in';
    await daemon.until('it says why it stands down', () => explained(daemon).includes(why));
    const tries = async () => (await daemon.target('gateway')).attempts.length;
    expect(await tries()).toBe(0);
    finish();
    expect(existsSync(fake.entry)).toBe(true);
    const after = await daemon.well('gateway', first?.pid);
    expect(after.attempts.length).toBeLessThanOrEqual(1);
    expect([fake.lived('begins'), fake.lived('listens')]).toEqual([2, 2]);
  });

  /*
   * A laptop slept with the gateway on it. On waking everything is late: swapped out, without network. A watchdog's first look
   * timed out, and it killed what had slept as soundly as itself.
   */
  test('nothing is restarted because the laptop slept', async ({ onTestFinished }) => {
    const { daemon, fake } = await withGateway(onTestFinished);
    const naive = letLoose(onTestFinished, fake.env, byHealth(fake, []));
    const asleep = await eventually('it is up', () => (naive.count('well') > 1 ? lockPid(fake) : undefined));
    process.kill(asleep, 'SIGSTOP');
    await eventually('it has killed what sleeps', () => naive.lines().includes(`killed ${asleep}`));
    await naive.end();
    measured('laptop slept', `${naive.count('killed')} sleeping gateway killed`);

    fake.forget();
    const config = JSON.parse(readFileSync(join(daemon.home, 'config.yaml'), 'utf8'));
    await daemon.write({ ...config, holds: { afterWake: '30s' } }).start();
    const before = pidOf(await daemon.well('gateway'));
    const own = daemon.process?.pid ?? 0;
    for (const pid of [before, own]) process.kill(pid, 'SIGSTOP');
    const slept = performance.now();
    // A pause of 30 s is what the daemon takes for sleep.
    await eventually('a night', () => performance.now() - slept > 32_000);
    process.kill(own, 'SIGCONT');
    const why = 'the host has just woken up';
    await daemon.until('it says why it waits', () => explained(daemon).includes(why));
    // Longer than what it takes for a hang, and the gateway is still not back.
    const unanswered = new Set<number>();
    await daemon.until('its looks get no answer', async () => {
      const check = (await daemon.target('gateway')).checks.find(({ name }) => name === 'gateway');
      if (check?.at !== undefined && check.reason === 'silent') unanswered.add(check.at);
      return unanswered.size >= 3;
    });
    process.kill(before, 'SIGCONT');
    const after = await daemon.well('gateway');
    expect(pidOf(after)).toBe(before);
    expect(after.attempts).toEqual([]);
    expect((await daemon.snapshot()).incidents).toEqual([]);
    expect(fake.lived('begins')).toBe(1);
  });
});
