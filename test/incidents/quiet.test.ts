import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { eventually } from '../helpers/daemon.ts';
import { withGateway } from '../helpers/gateway.ts';
import { byHealth, explained, letLoose, lockOf, measured } from './stage.ts';

describe.concurrent('incidents on record: trouble that a look at the port does not see', () => {
  /*
   * openclaw #91588. Gateways grew from 350 MB to 15 GB. Watchdogs with a limit of memory that fits no agent killed them in the
   * middle of work, and again as soon as they had loaded what they need.
   */
  test('memory is told, of the whole process tree, and no limit kills what works', async ({ onTestFinished }) => {
    const flags = ['--leak', '200'];
    const { daemon, fake } = await withGateway(onTestFinished, { flags });
    const first = spawn(process.execPath, [fake.entry, 'gateway', ...flags], {
      env: { ...process.env, ...fake.env },
      stdio: 'ignore',
    });
    onTestFinished(() => void first.kill('SIGKILL'));
    await eventually('it works', () => fake.lived('listens') === 1);
    const look = ['--max-mb', '150', '--kill', lockOf(fake), '--every', '2000'];
    const anew = [process.execPath, fake.entry, 'gateway', ...flags];
    const naive = letLoose(onTestFinished, fake.env, [...look, '--', ...anew]);
    await eventually('it has killed for memory, twice', () => naive.count('killed') >= 2);
    measured('leaks', `${naive.count('killed')} gateways killed for the memory that they need`);
    expect(naive.count('killed')).toBeGreaterThan(0);
    await naive.end();

    fake.forget();
    await daemon.start();
    await daemon.well('gateway');
    const [, size] = await daemon.until(
      'it is measured',
      () => /uses (\d+) MB of memory/.exec(explained(daemon)) ?? undefined,
    );
    expect(Number(size)).toBeGreaterThan(200);
    const { attempts } = await daemon.target('gateway');
    expect(attempts).toEqual([]);
    expect(fake.lived('begins')).toBe(1);
  });

  /*
   * openclaw #75380. One user's cache-trace.jsonl reached 46 GB and filled the disk, on which everything else then failed. Every
   * watchdog of health said well all the while.
   */
  test('traces are kept small before the disk is full, and no line is lost', async ({ onTestFinished }) => {
    const flags = ['--trace', '50'];
    // Not in the home folder of the daemon, whose files are left alone.
    const root = mkdtempSync(join(tmpdir(), 'jh-agent-'));
    onTestFinished(() => rmSync(root, { recursive: true, force: true, maxRetries: 3 }));
    const { daemon, fake } = await withGateway(onTestFinished, { flags, root });
    const logs = join(fake.state, 'logs');
    const trace = join(logs, 'cache-trace.jsonl');
    const LIMIT = 1_000_000;
    const naive = letLoose(onTestFinished, fake.env, byHealth(fake, flags));
    await eventually('it is far beyond the limit', () => statSync(trace).size > 2 * LIMIT);
    const fooled = naive.count('well');
    measured(
      'full disk',
      `${fooled} looks said well while the traces grew to ${Math.round(statSync(trace).size / 1e6)} MB`,
    );
    expect(fooled).toBeGreaterThan(0);
    expect(naive.count('bad')).toBeLessThan(3);
    await naive.end();

    fake.forget();
    const rotation = [{ match: `${logs}/*.jsonl`, maxSize: '1MB', keep: 100, every: '1s' }];
    const config = JSON.parse(readFileSync(join(daemon.home, 'config.yaml'), 'utf8'));
    daemon.write({ ...config, logs: rotation, policy: { logs: { cooldown: '1s', maxAttemptsPerHour: 100 } } });
    await daemon.start();
    await daemon.well('gateway');
    const archives = () =>
      readdirSync(logs)
        .filter((name) => name.endsWith('.gz'))
        .sort();
    await daemon.until('it was rotated thrice', () => archives().length >= 3);
    const size = () => statSync(trace, { throwIfNoEntry: false })?.size ?? 0;
    expect(size()).toBeLessThan(6 * LIMIT);
    expect(explained(daemon, 'logs')).toContain('rotate its logs: done');
    expect((await daemon.target('gateway')).attempts).toEqual([]);
    expect(fake.lived('begins')).toBe(1);
    const kept = archives().map((name) => gunzipSync(readFileSync(join(logs, name))).toString());
    const numbers = kept
      .join('')
      .trim()
      .split('\n')
      .map((line) => Number(JSON.parse(line).line));
    const from = numbers.lastIndexOf(0);
    expect(numbers.slice(from)).toEqual(numbers.slice(from).map((_, index) => index));
  });

  /*
   * openclaw #49577. After its third unclean boot a gateway keeps its channels off and says that it is ready. The agent is deaf,
   * and health is green. A restart by who does see it trips the same breaker again.
   */
  test('channels that are dead while health is green are told, and nothing is restarted', async ({
    onTestFinished,
  }) => {
    const flags = ['--breaker'];
    const { daemon, fake } = await withGateway(onTestFinished, { flags });
    const naive = letLoose(onTestFinished, fake.env, byHealth(fake, flags, ['--every', '200']));
    await eventually('it says well', () => naive.count('well') >= 5);
    measured('dead channels', `${naive.count('well')} looks at a deaf gateway said well`);
    expect(naive.count('well')).toBeGreaterThan(0);
    await naive.end();

    fake.forget();
    await daemon.start();
    const alert = await daemon.until('a person is told', async () => (await daemon.alerts())[0]);
    expect(alert.title).toBe('gateway works only in part');
    expect(explained(daemon)).toContain('its channels may be off: its own crash-loop breaker tripped');
    expect(explained(daemon)).toContain('so it is told and not acted upon');
    expect((await daemon.target('gateway')).attempts).toEqual([]);
    expect(fake.lived('begins')).toBe(1);
  });
});
