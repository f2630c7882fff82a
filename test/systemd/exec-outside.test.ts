import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Box, bootBox, whyNoBox } from '../box/boot-box.ts';
import { eventually } from '../helpers/daemon.ts';

const why = whyNoBox();

/** Runs commands through the door of the actions, in a unit that is sandboxed as the daemon's is. */
const runner = `
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createHands } from '/jarvis-health/src/host/hands.ts';
const hands = createHands({ dryRun: false, home: process.env.HOME });
const outcomes = [];
for (const [argv, options] of JSON.parse(readFileSync(process.argv[3], 'utf8'))) outcomes.push(await hands.exec(argv, options));
writeFileSync(process.argv[2] + '.new', JSON.stringify(outcomes));
renameSync(process.argv[2] + '.new', process.argv[2]);
`;

describe.skipIf(why !== undefined)(
  `a command that a sandboxed daemon runs${why === undefined ? '' : ` (SKIPPED: ${why})`}`,
  () => {
    let box: Box;
    beforeAll(async () => {
      box = await bootBox();
      await box.addUser('ada');
      writeFileSync(join(box.out, 'runner.mjs'), runner);
      await box.exec(['chmod', '777', '/out']);
    });
    afterAll(() => box?.down());

    async function run(name: string, user: string | undefined, ...commands: readonly [string[], object?][]) {
      const as = user === undefined ? {} : { user };
      const words = user === undefined ? [] : ['--user'];
      const sandbox = ['NoNewPrivileges=yes', 'RestrictNamespaces=yes', 'KillMode=process'].flatMap((one) => [
        '-p',
        one,
      ]);
      const loader = ['node', '--import', '/jarvis-health/scripts/ts.mjs', '/out/runner.mjs'];
      const file = `/out/${name}.json`;
      const asked = ['systemd-run', ...words, '--collect', `--unit=${name}`, ...sandbox, '--setenv=HOME=/tmp'];
      writeFileSync(join(box.out, `${name}.commands`), JSON.stringify(commands));
      const ran = await box.exec([...asked, ...loader, file, `/out/${name}.commands`], as);
      expect(ran.exitCode, ran.stderr).toBe(0);
      const there = join(box.out, `${name}.json`);
      await eventually('it is done', () => existsSync(there) || undefined);
      return JSON.parse(readFileSync(there, 'utf8'));
    }
    const running = async (pattern: string): Promise<number> =>
      (await box.exec(['pgrep', '--full', '--exact', pattern])).stdout.trim().split('\n').filter(Boolean).length;

    it.each([
      ['of a user', 'ada'],
      ['of the system', undefined],
    ])('has none of its sandbox, and all else as always: %s', async (_, user) => {
      const odd = `a $HOME $\{b} %h "c"`;
      const name = `plain-${user ?? 'root'}`;
      const script = 'grep NoNewPrivs /proc/self/status; echo "$1" "$COLOUR" "$PWD"; echo oops >&2; exit 3';
      const [outcome, missing] = await run(
        name,
        user,
        [['sh', '-c', script, 'sh', odd], { env: { COLOUR: 'blue' }, cwd: '/usr' }],
        [['no-such-program']],
      );
      expect(outcome).toMatchObject({ ok: false, exitCode: 3, stderr: 'oops\n' });
      expect(outcome.stdout).toBe(`NoNewPrivs:\t0\n${odd} blue /usr\n`);
      expect(outcome.trouble.message).toMatch(/^sh -c .* ended with status 3\.$/);
      expect(missing).toMatchObject({ ok: false, trouble: { code: 'EXEC_NOT_FOUND' } });
    });

    it('is ended at its deadline with all that it started, and leaves alone what it left behind', async () => {
      const [late, left] = await run(
        'deadline',
        'ada',
        [['sh', '-c', 'setsid sleep 7001 & sleep 7002'], { timeoutMs: 1_500 }],
        [['sh', '-c', 'setsid sleep 7003 >/dev/null 2>&1 &']],
      );
      expect(late).toMatchObject({ ok: false, timedOut: true });
      expect(left).toMatchObject({ ok: true });
      await eventually('they are gone', async () => ((await running('sleep 700[12]')) === 0 ? true : undefined));
      expect(await running('sleep 7003')).toBe(1);
      await box.exec(['pkill', '--full', '--exact', 'sleep 7003']);
    });
  },
);
