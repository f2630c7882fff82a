import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventually, freePort, TestDaemon } from '../helpers/daemon.ts';
import { explained, letLoose, linesIn, measured } from './stage.ts';

/** A busy machine needs long for two hundred. */
const PATIENCE_MS = 120_000;
const QUICK = { cooldown: '1s', bringUpBackoff: '100ms', retryEvery: '200ms' };

/*
 * Something that all depend on is gone, and two hundred services fail at once. Two hundred restarts at once help none of them
 * and finish the host.
 */
test('two hundred that fail at once are not two hundred restarts', async ({ onTestFinished }) => {
  const daemon = new TestDaemon(onTestFinished);
  const ports: number[] = [];
  while (ports.length < 200) ports.push(await freePort());
  const starts = join(daemon.home, 'starts');
  const listen = `const net = require('node:net'); for (const port of process.argv.slice(1)) net.createServer((s) => s.end()).listen(+port, '127.0.0.1'); console.log('ready')`;
  const hub = () => {
    const child = spawn(process.execPath, ['-e', listen, ...ports.map(String)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    return child;
  };
  const begin = join(daemon.home, 'begin.sh');
  writeFileSync(begin, `#!/bin/sh\necho started >>'${starts}'\n`, { mode: 0o700 });
  const looks = ports.flatMap((port) => ['--tcp', String(port)]);
  const naive = letLoose(onTestFinished, {}, [...looks, '--every', '60000', '--', begin]);
  await eventually('it starts them', () => linesIn(starts) >= 200);
  measured('200 at once', `${linesIn(starts)} starts at once`);
  await naive.end();
  writeFileSync(starts, '');

  const services = Object.fromEntries(
    ports.map((port, index) => [
      `s${index}`,
      {
        tcp: { address: `127.0.0.1:${port}`, every: '2s', timeout: '1s' },
        process: { every: '2s' },
        start: [begin],
        startGrace: '1s',
        hungAfter: '2s',
        policy: QUICK,
      },
    ]),
  );
  const child = hub();
  await new Promise((resolve) => child.stdout?.once('data', resolve));
  await daemon.write({ services, disk: [], memory: 'off' }).start();
  await eventually('all are well', async () =>
    (await daemon.snapshot()).targets.every(({ state }) => state === 'working'),
  );
  writeFileSync(starts, '');
  child.kill('SIGKILL');
  const ruling = await eventually(
    'its breaker is open',
    async () =>
      (await daemon.snapshot()).targets.flatMap(({ rulings }) => rulings).find(({ code }) => code === 'limit-breaker'),
    PATIENCE_MS,
  );
  expect(ruling.text).toContain('6 attempts on this host within 10 min: something bigger is wrong, all recovery rests');
  // Nobody is forgotten: all are seen to be down, and each says why nothing is done for it.
  const down = await eventually('all are told of', async () => {
    const { targets } = await daemon.snapshot();
    return targets.every(({ state, rulings }) => state === 'down' && rulings.length > 0) ? targets : undefined;
  });
  expect(down).toHaveLength(200);
  expect(linesIn(starts)).toBe(6);
  const waits = down.findLast(({ attempts }) => attempts.length === 0)?.id ?? '';
  await eventually('it says why', () => explained(daemon, waits).includes(ruling.text));
  await eventually('a person is told', async () => (await daemon.alerts()).length > 0);
}, 240_000);
