import * as v from 'valibot';
import { type ActionContext, type ActionOutcome, defineAction } from '../src/action.ts';
import { shortCommand } from '../src/core/command-line.ts';
import type { Trouble } from '../src/core/types.ts';
import { sayDuration } from '../src/core/units.ts';
import { cleanEnvironment } from '../src/host/environment.ts';
import { findProgram, isFolder } from '../src/host/find-program.ts';
import type { ExecOutcome } from '../src/host/hands.ts';
import { hiding, revealed, secretText } from '../src/host/reveal.ts';
import { lastLines } from '../src/host/tail.ts';

const LINES = 5;
const text = v.pipe(v.string(), v.minLength(1));
const durationMs = v.pipe(v.number(), v.minValue(0), v.maxValue(3_600_000));

const options = v.strictObject({
  argv: v.pipe(
    v.array(v.string(), 'a list of words is needed: no shell takes a line apart'),
    v.minLength(1, 'a program is needed'),
    v.check(([program]) => program !== '', 'a program is needed'),
  ),
  /** Default: the daemon's home folder. */
  cwd: v.optional(v.pipe(text, v.startsWith('/', 'an absolute path is needed'))),
  /** Added to the user's own. */
  env: v.optional(v.record(v.string(), secretText), {}),
  deadlineMs: v.optional(durationMs, 20_000),
  /** From TERM to KILL, for it and everything it started. */
  killAfterMs: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(60_000)), 2_000),
  /** Of its output, the end of it. */
  maxBytes: v.optional(v.pipe(v.number(), v.integer(), v.minValue(256), v.maxValue(1_048_576)), 65_536),
});
type Options = v.InferOutput<typeof options>;

/** Runs one command to its end, with no shell between. Its exit status is no end of the service and is not told as one. */
async function run(options: Options, context: ActionContext): Promise<ActionOutcome> {
  const { argv, deadlineMs, killAfterMs, maxBytes } = options;
  const { hands, signal, home, tracked } = context;
  const cwd = options.cwd ?? home ?? process.cwd();
  const env = revealed(options.env);
  if ('code' in env) return { outcome: 'failed', did: [], trouble: env };
  const obstacle = obstacleTo(argv, cwd, { ...cleanEnvironment(), ...env.values }['PATH'] ?? '');
  if (obstacle !== undefined) return { outcome: 'refused', did: [], trouble: obstacle };
  if (signal.aborted) return { outcome: 'failed', did: [], trouble: calledOff };

  const before = hands.planned.length;
  const ended = await hands.exec(argv, { cwd, env: env.values, timeoutMs: deadlineMs, killAfterMs, maxBytes, signal });
  // The service goes on as it is known: nothing here has ended or started it.
  const same = tracked === undefined ? {} : { process: tracked };
  if (hands.dryRun) return { outcome: 'done', did: hands.planned.slice(before), ...same };
  const hide = hiding(env.secrets);
  const said = [...lastLines(hide(ended.stdout), LINES), ...lastLines(hide(ended.stderr), LINES)].slice(-LINES);
  const last = said.at(-1);
  const did = [
    `ran ${shortCommand(argv)}, which ${endOf(ended, deadlineMs)}${last === undefined ? '' : `; it last said: ${last}`}`,
  ];
  if (ended.ok) return { outcome: 'done', did, lastLines: said, ...same };
  return { outcome: 'failed', did, lastLines: said, ...troubleOf(ended, last, hide) };
}

/** Looked for before anything is run, and in a dry run too: trying again will not help. */
function obstacleTo([word = '']: readonly string[], cwd: string, path: string): Trouble | undefined {
  if (!isFolder(cwd))
    return {
      code: 'EXEC_NOT_POSSIBLE',
      message: `${word} was not run: the folder ${cwd} does not exist.`,
      hint: 'Create the folder, or correct `cwd` of the step.',
    };
  if (findProgram(word, cwd, path) !== undefined) return undefined;
  const where = word.includes('/') ? `in ${cwd}` : `on PATH (${path})`;
  const line = word.includes(' ') ? ' Each word is one of the list: [npm, run, migrate].' : '';
  return {
    code: 'EXEC_NOT_FOUND',
    message: `${word} was not found ${where}.`,
    hint: `Install it, or give its whole path in \`argv\` of the step.${line}`,
  };
}

function endOf({ ok, exitCode, signal, timedOut, trouble }: ExecOutcome, deadlineMs: number): string {
  if (ok) return 'ended well';
  if (timedOut) return `did not end within ${sayDuration(deadlineMs)} and was ended`;
  if (trouble?.code === 'EXEC_TIMED_OUT') return 'was called off and ended';
  if (signal !== undefined) return `was ended by ${signal}`;
  return exitCode === undefined ? 'could not be run' : `ended with status ${exitCode}`;
}

/** The words of `exec`, but for its hint: that quotes what was printed, and secrets may be in it. */
function troubleOf(
  { trouble }: ExecOutcome,
  last: string | undefined,
  hide: (text: string) => string,
): { readonly trouble?: Trouble } {
  if (trouble === undefined) return {};
  const hint = last === undefined ? 'It printed nothing; run it by hand to see more.' : `It last said: ${last}`;
  return { trouble: { ...trouble, message: hide(trouble.message), hint } };
}

const calledOff: Trouble = {
  code: 'TRY_LATER',
  message: 'It was called off before the command was run.',
  hint: 'It is tried again when the limits allow.',
};

export const runCommand = defineAction<Options>({
  name: 'run-command',
  summary: 'Runs one command of the playbook to its end, and ends it when it takes too long.',
  options,
  // The start command and the secrets of a service are not its own.
  takes: [],
  run,
});
