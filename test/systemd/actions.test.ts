import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ActionOutcome } from '../../src/action.ts';
import { type Box, bootBox, whyNoBox } from '../box/boot-box.ts';
import { eventually } from '../helpers/daemon.ts';

const why = whyNoBox();

/** Runs one action on a service of the system and prints what came of it, with what its owner says afterwards. */
const runner = `
import { actionNamed } from '/jarvis-health/actions/index.ts';
import { createHands } from '/jarvis-health/src/host/hands.ts';
import { askOwner } from '/jarvis-health/src/host/owners/ask-owner.ts';
const [name, unit, options] = process.argv.slice(2);
const context = { target: 'web', reason: 'silent', tracked: undefined, signal: new AbortController().signal, nowMs: 0 };
const hands = createHands({ dryRun: false, home: '/tmp' });
const asked = { service: 'web', unit, ...JSON.parse(options) };
const outcome = name === 'none' ? undefined : await actionNamed(name).run(asked, { ...context, hands });
const { sight } = await askOwner({ kind: 'systemd', scope: 'system', unit });
console.log(JSON.stringify({ outcome, sight }));
`;

describe.skipIf(why !== undefined)(`actions on units${why === undefined ? '' : ` (SKIPPED: ${why})`}`, () => {
  let box: Box;
  beforeAll(async () => {
    box = await bootBox();
    writeFileSync(join(box.out, 'runner.mjs'), runner);
    await box.exec(['chmod', '777', '/out']);
  }, 60_000);
  afterAll(() => box?.down());

  async function unit(name: string, ...lines: readonly string[]) {
    writeFileSync(join(box.out, name), ['[Service]', 'RestartSec=50ms', ...lines, ''].join('\n'));
    await box.exec(['cp', `/out/${name}`, '/etc/systemd/system/']);
    await box.exec(['systemctl', 'daemon-reload']);
    await box.exec(['systemctl', 'start', '--no-block', name]);
  }
  const show = async (name: string, property: string) =>
    (await box.exec(['systemctl', 'show', '--value', `--property=${property}`, name])).stdout.trim();
  const reached = (name: string, state: string) =>
    eventually(`${name} is ${state}`, async () => (await show(name, 'ActiveState')) === state || undefined);

  async function run(action: string, name: string, options: object = {}, inside: readonly string[] = []) {
    const loader = ['node', '--import', '/jarvis-health/scripts/ts.mjs', '/out/runner.mjs'];
    const ran = await box.exec([...inside, ...loader, action, name, JSON.stringify(options)]);
    expect(ran.exitCode, ran.stderr).toBe(0);
    return JSON.parse(ran.stdout) as {
      readonly outcome: ActionOutcome;
      readonly sight: { readonly state: string; readonly stoppedByPerson: boolean; readonly mainPid?: number };
    };
  }

  it('a unit that is only reset looks as if a person had stopped it; reset-failed leaves none so', async () => {
    const broken = 'ExecStart=/bin/sh -c "test ! -e /out/broken && exec sleep 600"';
    for (const name of ['reset.service', 'given-up.service']) {
      writeFileSync(join(box.out, 'broken'), '');
      await unit(name, broken, 'Restart=always');
      await reached(name, 'failed');
    }
    rmSync(join(box.out, 'broken'));
    await box.exec(['systemctl', 'reset-failed', 'reset.service']);
    expect((await run('none', 'reset.service')).sight).toMatchObject({ state: 'stopped', stoppedByPerson: true });
    const { outcome, sight } = await run('reset-failed', 'given-up.service');
    expect(outcome).toMatchObject({ outcome: 'done', process: { pid: sight.mainPid } });
    expect(sight).toMatchObject({ state: 'running' });
  });

  it('what systemd does not restart after TERM is not left down by signal-process', async () => {
    await unit('on-failure.service', 'ExecStart=/bin/sleep 600', 'Restart=on-failure');
    await reached('on-failure.service', 'active');
    const before = Number(await show('on-failure.service', 'MainPID'));
    const { outcome, sight } = await run('signal-process', 'on-failure.service', { signal: 'TERM' });
    expect(outcome.outcome).toBe('done');
    expect(outcome.did.at(-1)).toBe('asked systemd to start on-failure.service');
    expect(sight).toMatchObject({ state: 'running' });
    expect(sight.mainPid).not.toBe(before);
  });

  it('a signal reaches the main process only, and its children live', async () => {
    const command = 'ExecStart=/bin/sh -c "sleep 601 & exec sleep 602"';
    await unit('family.service', command, 'Restart=always', 'KillMode=process');
    await reached('family.service', 'active');
    const before = Number(await show('family.service', 'MainPID'));
    const { outcome } = await run('signal-process', 'family.service', { signal: 'KILL' });
    expect(outcome.outcome).toBe('done');
    await eventually('a new one', async () => ![0, before].includes(Number(await show('family.service', 'MainPID'))));
    // The new one has its child a moment after it is there itself.
    const children = async () =>
      (await box.exec(['pgrep', '--full', '--exact', 'sleep 601'])).stdout.trim().split('\n');
    await expect.poll(children, { timeout: 10_000 }).toHaveLength(2);
  });

  it('the unit in which we run ourselves is not restarted by us', async () => {
    const inside = ['systemd-run', '--quiet', '--wait', '--pipe', '--collect', '--unit=own'];
    const { outcome } = await run('restart-service', 'own.service', { logFile: '/tmp/log', stopGraceMs: 100 }, inside);
    expect(outcome).toMatchObject({ outcome: 'refused', trouble: { code: 'OWNER_IS_OURS' } });
  });
});
