import * as v from 'valibot';
import { type ActionContext, type ActionOutcome, defineAction } from '../src/action.ts';
import { sameProcess } from '../src/core/command-line.ts';
import type { TrackedProcess } from '../src/core/types.ts';
import { environmentFor } from '../src/host/gateway/environment.ts';
import { readGatewayLock } from '../src/host/gateway/lock.ts';
import { gatewayPlace } from '../src/host/gateway/place-schema.ts';
import { findGatewayProgram } from '../src/host/gateway/program.ts';
import { trackedFrom } from '../src/host/start-outcome.ts';
import { lastLines } from '../src/host/tail.ts';

const words = v.array(v.string());

const options = v.strictObject({
  gateway: gatewayPlace,
  homeFolder: v.pipe(v.string(), v.minLength(1)),
  /** Of its start command; secrets left out. */
  env: v.optional(v.record(v.string(), v.string()), {}),
  start: v.optional(v.union([v.undefined(), words])),
  /** Real ones blocked for seven minutes. */
  timeoutMs: v.optional(v.pipe(v.number(), v.minValue(100)), 60_000),
});
type Options = v.InferOutput<typeof options>;

/** Asks the gateway's own command line for a restart, and believes nothing of what that says: the next looks tell. */
async function run(options: Options, context: ActionContext): Promise<ActionOutcome> {
  const { gateway, env, homeFolder, start, timeoutMs } = options;
  const { hands, signal, tracked } = context;
  const given = { ...process.env, ...env };
  const program = await findGatewayProgram(gateway, { env: given, homeFolder, start });
  if ('missing' in program) return { outcome: 'failed', did: [], trouble: notFound(program.missing) };
  if (signal.aborted) return { outcome: 'failed', did: [], trouble: calledOff };
  const before = hands.planned.length;
  const argv = [program.node, program.entry, 'gateway', 'restart', '--json'];
  const ended = await hands.exec(argv, {
    timeoutMs,
    env: { ...env, ...environmentFor(gateway, program.node, given['PATH']) },
  });
  if (hands.dryRun) return { outcome: 'done', did: hands.planned.slice(before) };
  const command = `${gateway.brand} gateway restart`;
  const said = lastLines(ended.stderr, 1)[0] ?? lastLines(ended.stdout, 1)[0];
  const how = ended.timedOut
    ? `did not end within ${timeoutMs / 1_000} s and was ended`
    : `ended with ${ended.exitCode === undefined ? (ended.signal ?? 'no status') : `status ${ended.exitCode}`}, which says little`;
  const did = [`ran \`${command}\`, which ${how}${said === undefined ? '' : `; it last said: ${said}`}`];
  return { outcome: 'done', did, ...(await present(options, tracked)) };
}

/** Who it is now: another process, or the same, which may have begun anew inside it. */
async function present({ gateway }: Options, tracked: TrackedProcess | undefined) {
  const lock = await readGatewayLock(gateway);
  if (lock === undefined) return {};
  const isSame = tracked !== undefined && sameProcess(tracked, lock.process);
  return { process: isSame ? tracked : { ...trackedFrom(lock.process), ownGroup: undefined } };
}

function notFound(missing: string) {
  return {
    code: 'EXEC_NOT_FOUND',
    message: `Its own command line could not be asked: ${missing}.`,
    hint: 'Run `jarvis-health doctor`: it says what is missing.',
  };
}

const calledOff = {
  code: 'TRY_LATER',
  message: 'It was called off before it began.',
  hint: 'It is tried again when the limits allow.',
};

export const gatewayCliRestart = defineAction<Options>({
  name: 'gateway-cli-restart',
  summary: "Asks the gateway's own command line for a restart, for a minute at most, and does not believe its answer.",
  options,
  run,
});
