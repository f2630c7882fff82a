import { basename, dirname, join, relative } from 'node:path';
import * as v from 'valibot';
import { type ActionContext, type ActionOutcome, defineAction } from '../src/action.ts';
import { archiveName } from '../src/core/archive-name.ts';
import type { Trouble } from '../src/core/types.ts';
import { sayDuration, saySize } from '../src/core/units.ts';
import { codeOf } from '../src/host/error-code.ts';
import { spaceOf } from '../src/host/files.ts';
import { findOldFiles, forbiddenFolder, isStillOld, type OldFile, realFolder } from '../src/host/old-files.ts';
import { findOpenFiles } from '../src/host/open-files.ts';

const absolute = v.pipe(v.string(), v.startsWith('/', 'an absolute path is needed'));
const options = v.strictObject({
  path: v.pipe(v.string(), v.minLength(1)),
  rules: v.array(
    v.strictObject({
      folder: absolute,
      match: v.pipe(
        v.string(),
        v.minLength(1),
        v.regex(/^(?!\/)(?!(.*\/)?\.\.(\/|$))/, 'a pattern within the folder is needed'),
      ),
      olderThanMs: v.pipe(v.number(), v.minValue(0)),
      archiveFolder: v.optional(v.union([v.undefined(), absolute])),
    }),
  ),
});
type Options = v.InferOutput<typeof options>;
type Rule = Options['rules'][number];

/** Looking who has files open costs as much for a hundred as for one; longer lists would make the look old. */
const AT_ONCE = 100;

type Cleaned = {
  readonly did: readonly string[];
  readonly files: number;
  readonly trouble?: Trouble;
  readonly refused?: boolean;
};

/** Removes old files by the rules of the config and by nothing else. Folders stay, even when they are empty. */
async function run(options: Options, context: ActionContext): Promise<ActionOutcome> {
  const before = context.hands.planned.length;
  const freeBefore = await freeBytes(options.path);
  const cleaned: Cleaned[] = [];
  for (const rule of options.rules) {
    if (!context.signal.aborted) cleaned.push(await cleanFolder(rule, context));
  }
  const did = cleaned.flatMap((one) => one.did);
  const trouble = cleaned.find((one) => one.trouble !== undefined)?.trouble;
  if (context.hands.dryRun) did.unshift(...context.hands.planned.slice(before));
  if (cleaned.some((one) => one.files > 0)) {
    const gained = (await freeBytes(options.path)) - freeBefore;
    if (!context.hands.dryRun && gained > 0) did.push(`${saySize(gained)} more are free on ${options.path}`);
    return { outcome: 'done', did, ...(trouble && { trouble }) };
  }
  if (trouble !== undefined)
    return { outcome: cleaned.every((one) => one.refused) ? 'refused' : 'failed', did, trouble };
  return { outcome: 'nothing', did: did.length > 0 ? did : ['no rule says what may be removed'] };
}

async function cleanFolder(rule: Rule, { hands, signal, nowMs, home }: ActionContext): Promise<Cleaned> {
  // The archive does not count, nor what belongs to the daemon itself: its config is old, and nothing that may go.
  const except = [rule.archiveFolder, home].filter((folder) => folder !== undefined);
  const root = await realFolder(rule.folder);
  if (root === undefined) return { did: [`${rule.folder} does not exist`], files: 0 };
  const forbidden = await forbiddenFolder(root);
  if (forbidden !== undefined) return { did: [], files: 0, refused: true, trouble: refusal(rule.folder, forbidden) };

  const { files, kept, truncated } = await findOldFiles({
    root,
    match: rule.match,
    olderThanMs: rule.olderThanMs,
    nowMs,
    except,
  });
  const tally = { files: 0, freedBytes: 0, held: 0, unseen: 0 };
  let trouble: Trouble | undefined;
  for (let at = 0; at < files.length && !signal.aborted && trouble === undefined; at += AT_ONCE) {
    const batch = files.slice(at, at + AT_ONCE);
    const { open, unseen } = await findOpenFiles(batch.map(({ path }) => path));
    for (const file of batch) {
      if (open.has(file.path)) tally.held += 1;
      else if (unseen.has(file.path)) tally.unseen += 1;
      else if (await isStillOld(file, root)) {
        try {
          await removeOne(file, rule, root, { hands, nowMs });
          tally.files += 1;
          tally.freedBytes += file.freesBytes;
        } catch (error) {
          if (codeOf(error) === 'ENOENT') continue; // somebody else was quicker
          trouble = failed(file.path, error);
          break;
        }
      }
    }
  }
  const notes = [
    ...(tally.held > 0 ? [`${tally.held} in use`] : []),
    ...(tally.unseen > 0 ? [`${tally.unseen} that a program of another user may have open`] : []),
    ...kept.map(({ count, because }) => `${count} ${because}`),
  ];
  const left = notes.length === 0 ? '' : `; left alone: ${notes.join(', ')}`;
  const more = truncated ? '; there were more files than are looked at in one run' : '';
  const verb = hands.dryRun ? 'would have ' : '';
  const what = `${verb}${rule.archiveFolder === undefined ? 'removed' : 'archived and removed'} ${tally.files} of ${rule.folder}/${rule.match} older than ${sayDuration(rule.olderThanMs)}`;
  const freed = tally.freedBytes > 0 ? ` (${saySize(tally.freedBytes)})` : '';
  return { did: [`${what}${freed}${left}${more}`], files: tally.files, ...(trouble && { trouble }) };
}

async function removeOne(
  file: OldFile,
  rule: Rule,
  root: string,
  { hands, nowMs }: Pick<ActionContext, 'hands' | 'nowMs'>,
): Promise<void> {
  if (rule.archiveFolder === undefined) return await hands.remove(file.path);
  // Archives keep the way they had in the folder, so that two files of one name do not mix.
  const folder = join(rule.archiveFolder, relative(root, dirname(file.path)));
  await hands.makeFolder(folder);
  for (let seq = 1; ; seq += 1) {
    try {
      await hands.gzip(file.path, join(folder, `${archiveName(basename(file.path), nowMs, seq)}.gz`));
      return;
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
  }
}

async function freeBytes(path: string): Promise<number> {
  return await spaceOf(path).then(
    (space) => space.freeBytes,
    () => 0,
  );
}

function refusal(folder: string, because: string): Trouble {
  return {
    code: 'CLEAN_REFUSED',
    message: `Nothing is removed in ${folder}: ${because}.`,
    hint: 'Name a folder of your own in `cleanup`.',
  };
}

function failed(path: string, error: unknown): Trouble {
  const code = codeOf(error) ?? (error instanceof Error ? error.message : String(error));
  const hint =
    code === 'ENOSPC'
      ? 'The disk of the archive folder is full: archive to another disk, or do without.'
      : 'Look at the permissions of the folder.';
  return { code: 'CLEAN_FAILED', message: `${path} could not be removed or archived: ${code}.`, hint };
}

export const cleanDisk = defineAction<Options>({
  name: 'clean-disk',
  summary: 'Removes old files in the folders that the config names, archiving them first where it says so.',
  options,
  run,
});
