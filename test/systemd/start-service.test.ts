import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Box, bootBox, whyNoBox } from '../box/boot-box.ts';

const why = whyNoBox();

/** Starts what it is told through the door the daemon uses, writes what came of it, and stays. */
const starter = `
import { writeFileSync } from 'node:fs';
import { createHands } from '/jarvis-health/src/host/hands.ts';
const [result, asJson] = process.argv.slice(2);
const argv = JSON.parse(Buffer.from(asJson, 'base64').toString());
const onExit = (exit) => writeFileSync(result + '.exit', JSON.stringify(exit));
const hands = createHands({ dryRun: false, home: process.env.HOME, onExit });
const logFile = process.env.HOME + '/web.log';
const service = { name: 'wéb app.1', argv, cwd: process.env.HOME, env: { COLOUR: 'blue' }, logFile, settleMs: 300 };
writeFileSync(result, JSON.stringify(await hands.startService(service)));
setInterval(() => {}, 1e6);
`;

describe.skipIf(why !== undefined)(
  `starting a service where a user manager runs${why === undefined ? '' : ` (SKIPPED: ${why})`}`,
  () => {
    let box: Box;
    const asAda = (...argv: string[]) => box.exec(argv, { user: 'ada' });

    beforeAll(async () => {
      box = await bootBox();
      await box.addUser('ada');
      writeFileSync(join(box.out, 'starter.mjs'), starter);
      await box.exec(['chmod', '777', '/out']);
    });
    afterAll(() => box?.down());

    /** Runs the starter as a sandboxed unit of its own, as the daemon is one, until it has started the service. */
    async function start(unit: string, argv: readonly string[]) {
      const loader = ['node', '--import', '/jarvis-health/scripts/ts.mjs', '/out/starter.mjs'];
      const result = `/out/${unit}.json`;
      const asJson = Buffer.from(JSON.stringify(argv)).toString('base64'); // systemd-run would expand a `$`
      const options = ['--user', `--unit=${unit}`, '--collect', '-p', 'NoNewPrivileges=yes'];
      const ran = await asAda('systemd-run', ...options, ...loader, result, asJson);
      expect(ran.exitCode, ran.stderr).toBe(0);
      const file = join(box.out, `${unit}.json`);
      await expect.poll(() => existsSync(file) && readFileSync(file, 'utf8'), { timeout: 15_000 }).toMatch(/\}$/);
      return JSON.parse(readFileSync(file, 'utf8'));
    }

    it('makes it a unit that outlives its starter and has none of its sandbox', async () => {
      const outcome = await start('starter-one', ['node', '/jarvis-health/scripts/bench/web.mjs', '0']);
      expect(outcome).toMatchObject({ started: true, via: 'systemd-run' });
      await asAda('systemctl', '--user', 'stop', 'starter-one');

      const { pid } = outcome.process;
      const status = (await box.exec(['cat', `/proc/${pid}/status`])).stdout;
      expect(status).toMatch(/^NoNewPrivs:\s+0$/m);
      expect((await box.exec(['cat', `/proc/${pid}/cgroup`])).stdout).not.toContain('starter');
      expect((await box.exec(['sh', '-c', `tr '\\0' '\\n' < /proc/${pid}/environ`])).stdout).toContain('COLOUR=blue\n');
      const port = Number((await box.exec(['cat', '/home/ada/web.log'])).stdout);
      expect(
        (
          await box.exec([
            'node',
            '-e',
            `fetch('http://127.0.0.1:${port}/').then(async (r) => console.log(await r.text()))`,
          ])
        ).stdout,
      ).toBe(`${pid}\n`);
      await box.exec(['kill', '-KILL', String(pid)]);
    });

    it('can start it again after it was killed', async () => {
      const outcome = await start('starter-two', ['node', '/jarvis-health/scripts/bench/web.mjs', '0']);
      expect(outcome).toMatchObject({ started: true, via: 'systemd-run' });
      await asAda('systemctl', '--user', 'stop', 'starter-two');
      expect((await box.exec(['kill', '-0', String(outcome.process.pid)])).exitCode).toBe(0);
      await box.exec(['kill', '-KILL', String(outcome.process.pid)]);
    });

    it('passes on every word as it is written, also what looks like a variable', async () => {
      const script = `printf '%s|' "$0" "$@"; for i in 1 2; do echo "\${i} $COLOUR"; done; exec sleep 60`;
      const words = ['$COLOUR', `\${COLOUR}`, '$$', 'a$COLOUR/b', '%h'];
      const outcome = await start('starter-four', ['sh', '-c', script, ...words]);
      expect(outcome).toMatchObject({ started: true, via: 'systemd-run' });
      const log = (await box.exec(['cat', '/home/ada/web.log'])).stdout;
      expect(log).toContain(`${words.map((word) => `${word}|`).join('')}1 blue\n2 blue\n`);
      await box.exec(['kill', '-KILL', String(outcome.process.pid)]);
    });

    it('tells how it ended when that is later: a gateway takes half a minute to refuse its configuration', async () => {
      const outcome = await start('starter-late', ['sh', '-c', 'sleep 1; exit 78']);
      expect(outcome).toMatchObject({ started: true, via: 'systemd-run' });
      const told = join(box.out, 'starter-late.json.exit');
      await expect.poll(() => existsSync(told) && readFileSync(told, 'utf8'), { timeout: 15_000 }).toMatch(/\}$/);
      expect(JSON.parse(readFileSync(told, 'utf8'))).toMatchObject({ pid: outcome.process.pid, exitCode: 78 });
    });

    it('tells also the signal that ended it', async () => {
      const outcome = await start('starter-killed', ['sh', '-c', 'sleep 1; kill -KILL $$']);
      expect(outcome).toMatchObject({ started: true, via: 'systemd-run' });
      const told = join(box.out, 'starter-killed.json.exit');
      await expect.poll(() => existsSync(told) && readFileSync(told, 'utf8'), { timeout: 15_000 }).toMatch(/\}$/);
      expect(JSON.parse(readFileSync(told, 'utf8'))).toMatchObject({ pid: outcome.process.pid, signal: 'SIGKILL' });
    });

    it('tells the exit status and the last words of one that ends at once', async () => {
      const outcome = await start('starter-three', ['sh', '-c', 'echo no such table >&2; exit 78']);
      expect(outcome).toMatchObject({ started: false, exitCode: 78 });
      expect(outcome.lastLines).toContain('no such table');
    });
  },
);
