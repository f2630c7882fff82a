import { dirname, join, relative } from 'node:path';
import * as v from 'valibot';
import { type ActionContext, type ActionOutcome, defineAction } from '../src/action.ts';
import type { Trouble } from '../src/core/types.ts';
import { saySize } from '../src/core/units.ts';
import { archivesOf, freeArchivePath, isStill } from '../src/host/archives.ts';
import { codeOf } from '../src/host/error-code.ts';
import type { FoundFile } from '../src/host/files.ts';
import { findLogs } from '../src/host/find-logs.ts';
import type { Hands } from '../src/host/hands.ts';
import { writersOf } from '../src/host/writers.ts';

const options = v.strictObject({
  match: v.pipe(v.string(), v.startsWith('/', 'an absolute path is needed')),
  maxBytes: v.pipe(v.number(), v.minValue(1)),
  keep: v.pipe(v.number(), v.integer(), v.minValue(0)),
  compress: v.picklist(['gzip', 'none']),
  archiveFolder: v.optional(v.union([v.undefined(), v.pipe(v.string(), v.startsWith('/'))])),
});
type Options = v.InferOutput<typeof options>;

type Rotation = {
  readonly did: readonly string[];
  readonly rotated: boolean;
  readonly refused: boolean;
  readonly trouble?: Trouble;
};

/** Renames every log over its size, when nobody writes to it. Links, pipes and folders are none, and archives never match. */
async function run(options: Options, context: ActionContext): Promise<ActionOutcome> {
  const before = context.hands.planned.length;
  const { files } = await findLogs({ ...options, archiveFolder: options.archiveFolder, home: context.home });
  const logs = files.filter((file) => file.kind === 'file' && file.bytes > options.maxBytes);
  const rotations: Rotation[] = [];
  for (const log of logs) {
    if (context.signal.aborted) break;
    rotations.push(await rotateOne(log, options, context));
  }
  const did = context.hands.dryRun
    ? [...context.hands.planned.slice(before), ...rotations.filter((one) => one.refused).flatMap((one) => one.did)]
    : rotations.flatMap((one) => one.did);
  const trouble = rotations.find((one) => one.trouble !== undefined)?.trouble;
  if (rotations.some((one) => one.rotated)) return { outcome: 'done', did, ...(trouble && { trouble }) };
  if (trouble === undefined) return { outcome: 'nothing', did: did.length > 0 ? did : ['no log is over its size'] };
  return { outcome: rotations.some((one) => one.refused) ? 'refused' : 'failed', did, trouble };
}

async function rotateOne(log: FoundFile, options: Options, { hands, nowMs }: ActionContext): Promise<Rotation> {
  const refusal = await whyNot(log);
  if (refusal !== undefined)
    return { did: [`left ${log.path} as it is: ${refusal.message}`], rotated: false, refused: true, trouble: refusal };
  const folder = archiveFolderOf(log.path, options);
  try {
    if (options.archiveFolder !== undefined) await hands.makeFolder(folder);
    const archive = await freeArchivePath(folder, log.path, nowMs);
    if (!(await isStill(log)))
      return { did: [`${log.path} was replaced or removed by something else`], rotated: false, refused: false };
    await hands.rename(log.path, archive);
    const kept = options.compress === 'gzip' ? await compress(archive, hands) : { path: archive, note: '' };
    const removed = await thin(log.path, folder, options.keep, hands);
    const thinned = removed === 0 ? '' : `; removed ${removed} older than the newest ${options.keep}`;
    return {
      did: [`rotated ${log.path} (${saySize(log.bytes)}) to ${kept.path}${kept.note}${thinned}`],
      rotated: true,
      refused: false,
    };
  } catch (error) {
    if (codeOf(error) === 'ENOENT' && !(await isStill(log)))
      return { did: [`${log.path} vanished`], rotated: false, refused: false };
    const trouble = failed(log.path, error);
    return { did: [trouble.message], rotated: !(await isStill(log)), refused: false, trouble };
  }
}

/** A writer would go on writing into the renamed file (rename(2) keeps the inode), and what it writes would be lost to gzip. */
async function whyNot(log: FoundFile): Promise<Trouble | undefined> {
  const writers = await writersOf(log.path);
  if (writers === 'cannot-see') {
    return {
      code: 'LOG_HOLDERS_UNSEEN',
      message: 'it cannot be seen whether a program of another user writes to it.',
      hint: 'Run the daemon as the user that owns the log, or let the system rotate it (logrotate).',
    };
  }
  const [writer] = writers;
  if (writer === undefined) return undefined;
  const others = writers.length === 1 ? '' : ` and ${writers.length - 1} more`;
  return {
    code: 'LOG_HELD_OPEN',
    message: `${writer.command} (pid ${writer.pid}) holds it open for writing${others}.`,
    hint: 'Let the program close or reopen its log (a signal such as USR1 or HUP for many), write each line with a fresh open, or log through the journal.',
  };
}

/** Somebody may have opened the log between the look and the rename: then it stays as it is until the next rotation. */
async function compress(archive: string, hands: Hands): Promise<{ readonly path: string; readonly note: string }> {
  if (!hands.dryRun) {
    const writers = await writersOf(archive);
    if (writers === 'cannot-see' || writers.length > 0)
      return { path: archive, note: ', not compressed since it is still written to' };
  }
  try {
    return { path: await hands.gzip(archive), note: '' };
  } catch (error) {
    return { path: archive, note: `, not compressed (${reasonOf(error)})` };
  }
}

/** Removes the oldest archives of this very log, so that `keep` are left. */
async function thin(log: string, folder: string, keep: number, hands: Hands): Promise<number> {
  // In a dry run the new archive is not there yet, and its place counts.
  const surplus = (await archivesOf(log, folder)).slice(hands.dryRun ? Math.max(0, keep - 1) : keep);
  for (const path of surplus) await hands.remove(path);
  return surplus.length;
}

/** In an archive folder logs keep their way from the fixed part of the pattern, so that two `app.log` do not mix. */
function archiveFolderOf(log: string, { match, archiveFolder }: Options): string {
  if (archiveFolder === undefined) return dirname(log);
  const special = match.search(/[*?[\]{}()!+@]/);
  const base = special < 0 ? dirname(match) : match.slice(0, match.lastIndexOf('/', special)) || '/';
  return join(archiveFolder, relative(base, dirname(log)));
}

function failed(path: string, error: unknown): Trouble {
  const code = codeOf(error);
  const hints: Record<string, string> = {
    EXDEV: 'The archive folder must be on the same disk as the log, for a rename cannot cross disks.',
    EACCES: 'The daemon needs to be allowed to write in the folder of the log.',
    EPERM: 'The daemon needs to be allowed to write in the folder of the log.',
    EROFS: 'The disk is read-only.',
    ENOSPC: 'The disk is full.',
  };
  return {
    code: 'ROTATE_FAILED',
    message: `${path} could not be rotated: ${reasonOf(error)}.`,
    hint: hints[code ?? ''] ?? 'Look at the folder and its permissions.',
  };
}

function reasonOf(error: unknown): string {
  return codeOf(error) ?? (error instanceof Error ? error.message : String(error));
}

export const rotateLog = defineAction<Options>({
  name: 'rotate-log',
  summary: 'Renames logs over their size that nobody writes to, compresses them and keeps the newest.',
  options,
  run,
});
