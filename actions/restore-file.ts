import { basename } from 'node:path';
import * as v from 'valibot';
import { type ActionContext, type ActionOutcome, defineAction } from '../src/action.ts';
import { differingLines } from '../src/core/differing-lines.ts';
import type { Trouble } from '../src/core/types.ts';
import { sayDuration, saySize } from '../src/core/units.ts';
import { codeOf } from '../src/host/error-code.ts';
import { type Good, goodCopyOf } from '../src/host/good-copy.ts';
import { readStill } from '../src/host/kept-files.ts';
import { type SafePlace, safePlace } from '../src/host/safe-place.ts';
import { countSetAside, freeAside } from '../src/host/set-aside.ts';

/** A file that is refused time and again is not mended by putting it back. */
const MOST_SET_ASIDE = 10;
const absolute = v.pipe(v.string(), v.startsWith('/', 'an absolute path is needed'));

const options = v.strictObject({
  file: absolute,
  /** A good copy that a person keeps. Default: the one that was kept while the service was well. */
  from: v.optional(absolute),
  /** What was written to more recently is in somebody's hands. */
  untouchedForMs: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(3_600_000)), 120_000),
});
type Options = v.InferOutput<typeof options>;

/** Puts the last good copy of one file back. What was refused is set aside and never lost. */
async function run(options: Options, context: ActionContext): Promise<ActionOutcome> {
  try {
    const place = await safePlace(options.file);
    if ('because' in place) return refused(notSafe(options.file, place.because));
    const good = await goodCopyOf({ ...options, home: context.home, service: context.target, nowMs: context.nowMs });
    if ('code' in good) return refused(good);
    return await putBack(place, good, options, context);
  } catch (error) {
    return { outcome: 'failed', did: [], trouble: failed(options.file, error) };
  }
}

async function putBack(
  { path, folder, stat }: SafePlace,
  good: Good,
  { file, untouchedForMs }: Options,
  { hands, tracked, asked = false, nowMs, signal }: ActionContext,
): Promise<ActionOutcome> {
  const known = tracked === undefined ? {} : { process: tracked };
  const now = stat === undefined ? undefined : await readStill(path);
  if (now?.bytes.equals(good.bytes) === true)
    return { outcome: 'nothing', did: [`${file} is the good copy already`], ...known };
  const ageMs = nowMs - (now?.modifiedAtMs ?? 0);
  if (!asked && ageMs >= 0 && ageMs < untouchedForMs)
    return { outcome: 'failed', did: [], trouble: inHands(file, ageMs) };
  if ((await countSetAside(folder, basename(path))) >= MOST_SET_ASIDE) return refused(tooOften(file));
  if (signal.aborted) return { outcome: 'failed', did: [], trouble: calledOff };

  const before = hands.planned.length;
  const asideAs = now === undefined ? undefined : await freeAside(path, nowMs);
  const { mode, gid } = now ?? { mode: good.mode, gid: undefined };
  await hands.replaceFile(path, good.path, { bytes: good.bytes, mode, gid, asideAs, inode: now?.inode });
  const change = sayChange(now?.bytes, good.bytes);
  if (hands.dryRun) return { outcome: 'done', did: [...hands.planned.slice(before), change], ...known };
  const aside = asideAs === undefined ? [] : [`what was refused is ${asideAs}`];
  return { outcome: 'done', did: [`put ${file} back, ${good.says}: ${change}`, ...aside], ...known };
}

/** The size of the change only: the lines themselves may hold secrets. */
function sayChange(before: Buffer | undefined, after: Buffer): string {
  if (before === undefined) return `it was gone, and has ${saySize(after.length)} now`;
  const sizes = `${saySize(before.length)} before, ${saySize(after.length)} now`;
  if (before.includes(0) || after.includes(0)) return sizes;
  const lines = differingLines(before.toString('utf8'), after.toString('utf8'));
  return `${lines} ${lines === 1 ? 'line differs' : 'lines differ'}, ${sizes}`;
}

function refused(trouble: Trouble): ActionOutcome {
  return { outcome: 'refused', did: [], trouble };
}

function notSafe(file: string, because: string): Trouble {
  return {
    code: 'RESTORE_REFUSED',
    message: `${file} is not put back: ${because}.`,
    hint: 'Only a regular file of the user that runs the daemon is put back, in a folder that others cannot replace.',
  };
}

function tooOften(file: string): Trouble {
  return {
    code: 'RESTORE_REFUSED',
    message: `${file} was put back ${MOST_SET_ASIDE} times, and something makes it bad again.`,
    hint: `Find out what writes it; then remove what was set aside: ${file}.refused-*`,
  };
}

function inHands(file: string, ageMs: number): Trouble {
  return {
    code: 'TRY_LATER',
    message: `${file} was written to ${sayDuration(Math.round(ageMs / 1_000) * 1_000)} ago, so somebody may be at work on it.`,
    hint: 'It is put back once it has been left alone for a while.',
  };
}

const calledOff: Trouble = {
  code: 'TRY_LATER',
  message: 'It was called off before anything was changed.',
  hint: 'It is tried again when the limits allow.',
};

function failed(file: string, error: unknown): Trouble {
  const code = codeOf(error) ?? (error instanceof Error ? error.message : String(error));
  const hints: Readonly<Record<string, string>> = {
    EBUSY: 'Somebody writes to it just now; it is tried again when the limits allow.',
    EFBIG: 'Files of more than 1 MB are not kept and not put back.',
    ENOSPC: 'The disk is full.',
    EROFS: 'The disk is read-only.',
  };
  return {
    code: 'RESTORE_FAILED',
    message: `${file} could not be put back: ${code}.`,
    hint: hints[code] ?? 'Look at the permissions of the file and its folder.',
  };
}

export const restoreFile = defineAction<Options>({
  name: 'restore-file',
  summary: 'Puts the last good copy of a configuration file back, and sets aside what was refused.',
  options,
  run,
});
