import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type ErrorCode, PersonError } from '../errors.ts';
import { monotonicMs } from '../host/clock.ts';
import { codeOf } from '../host/error-code.ts';
import { typed } from '../host/hands-plan.ts';
import { stopProcess } from '../host/stop-process.ts';
import { lastLines } from '../host/tail.ts';
import { writeDurably } from '../store/durable-file.ts';
import type { RunCommand } from './sight.ts';
import { type Step, sayStep } from './steps.ts';

export type Doors = {
  readonly run: RunCommand;
  /** Ends the daemon that runs without a unit. */
  readonly stopDaemon: () => Promise<unknown>;
  /** Told of each step that was done. */
  readonly tell: (line: string) => void;
};

/** A start waits for the first looks, a stop for the end of a recovery. */
const COMMAND_WITHIN_MS = 120_000;
const AGAIN_WITHIN_MS = 15_000;
const GONE_WITHIN_MS = 70_000;
const LOOK_EVERY_MS = 200;
const STOP_GRACE_MS = 10_000;

/** Does the steps, one after the other. Throws at the first that fails: INSTALL_FAILED or NOT_PERMITTED. */
export async function perform(steps: readonly Step[], doors: Doors): Promise<void> {
  for (const step of steps) {
    await performOne(step, doors);
    doors.tell(sayStep(step, true));
  }
}

async function performOne(step: Step, doors: Doors): Promise<void> {
  switch (step.do) {
    case 'run':
      return await command(step, doors.run);
    case 'stop-daemon':
      return void (await doors.stopDaemon());
    case 'stop-process': {
      const outcome = await stopProcess(step, { graceMs: STOP_GRACE_MS, group: false });
      if (outcome === 'stopped' || outcome === 'was-gone') return;
      throw failed(step, outcome === 'not-allowed' ? 'it is not ours to stop: permission denied' : 'it did not end');
    }
    default:
      try {
        await file(step);
      } catch (error) {
        throw failed(step, codeOf(error) ?? String(error));
      }
  }
}

async function file(step: Extract<Step, { readonly file: string }>): Promise<void> {
  if (step.do === 'remove') return rmSync(step.file);
  if (step.do === 'move') return renameSync(step.file, step.to);
  mkdirSync(dirname(step.file), { recursive: true });
  await writeDurably(step.file, step.text, { mode: step.mode });
}

async function command(step: Extract<Step, { do: 'run' }>, run: RunCommand): Promise<void> {
  const beganAt = monotonicMs();
  let outcome = await run(step.argv, COMMAND_WITHIN_MS);
  while (!outcome.ok && step.againWhile?.test(outcome.stderr) && monotonicMs() - beganAt < AGAIN_WITHIN_MS) {
    await pause(LOOK_EVERY_MS);
    outcome = await run(step.argv, COMMAND_WITHIN_MS);
  }
  if (!outcome.ok && !step.fineWhen?.test(outcome.stderr))
    throw failed(step, lastLines(outcome.stderr, 1)[0] ?? outcome.trouble?.message ?? 'it said nothing');
  if (step.untilFails === undefined) return;
  while ((await run(step.untilFails, COMMAND_WITHIN_MS)).ok) {
    if (monotonicMs() - beganAt > GONE_WITHIN_MS) throw failed(step, 'it is still there a minute later');
    await pause(LOOK_EVERY_MS);
  }
}

const NOT_ALLOWED =
  /EACCES|EPERM|EROFS|denied|not permitted|authentication (is )?required|not privileged|must be root/i;

function failed(step: Step, why: string): PersonError {
  const code: ErrorCode = NOT_ALLOWED.test(why) ? 'NOT_PERMITTED' : 'INSTALL_FAILED';
  const said = `Could not ${sayStep(step, false)}: ${why}`;
  return new PersonError(
    code,
    /[.!?]$/.test(said) ? said : `${said}.`,
    code === 'NOT_PERMITTED'
      ? (('next' in step ? step.next : undefined) ?? 'Run it again with sudo, or as the user that owns it.')
      : `${step.do === 'run' ? `See what it says by hand: ${typed(step.argv)}. ` : ''}What was done before stays; running this again goes on from there.`,
  );
}
