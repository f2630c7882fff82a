import { existsSync, renameSync, symlinkSync } from 'node:fs';
import {
  appendFile,
  mkdir,
  open,
  readdir,
  readFile,
  realpath,
  rename,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { cleanDisk } from '../../actions/clean-disk.ts';
import { rotateLog } from '../../actions/rotate-log.ts';
import { findOldFiles, isStillOld } from '../../src/host/old-files.ts';
import { context, folder } from './act.ts';

const NOW = Date.parse('2026-02-03T04:05:06Z');
const OLD = new Date(NOW - 90 * 86_400_000);
const OLDER = new Date(NOW - 91 * 86_400_000);
const LINES = 'one line of a log\n'.repeat(100);

/** Real hands, and something happens when they make a folder: after the looks, and before the act. */
function handsThatMeet(root: string, happens: () => Promise<void>) {
  const real = context(root).hands;
  const makeFolder = async (path: string): Promise<void> => {
    await real.makeFolder(path);
    await happens();
  };
  return { ...real, makeFolder };
}

async function aged(path: string, at: Date): Promise<void> {
  await writeFile(path, 'x'.repeat(100));
  await utimes(path, at, at);
}

async function oldFile(root: string) {
  await mkdir(join(root, 'deep'));
  await aged(join(root, 'deep', 'a.log'), OLD);
  const ask = { root, match: '**/*.log', olderThanMs: 86_400_000, nowMs: NOW, except: [] };
  const [file] = (await findOldFiles(ask)).files;
  if (file === undefined) throw new Error('no old file was found');
  return file;
}

test('a file is still the old one only while nobody has written to it or replaced it', async () => {
  const root = await realpath(await folder());
  const file = await oldFile(root);
  expect(await isStillOld(file, root)).toBe(true);
  await appendFile(file.path, 'y');
  await utimes(file.path, OLD, OLD);
  expect(await isStillOld(file, root)).toBe(false);
  await aged(`${file.path}.new`, OLD);
  await rename(`${file.path}.new`, file.path);
  expect(await isStillOld(file, root)).toBe(false);
});

test('the very same file is none of ours when its folder has become a link to elsewhere', async () => {
  const root = await realpath(await folder());
  const elsewhere = await folder();
  const file = await oldFile(root);
  renameSync(join(root, 'deep'), join(elsewhere, 'deep'));
  symlinkSync(join(elsewhere, 'deep'), join(root, 'deep'));
  expect(await isStillOld(file, root)).toBe(false);
});

test('a file that is written to after it was found old stays', async () => {
  const root = await folder();
  const archiveFolder = await folder();
  await aged(join(root, 'a.log'), OLDER);
  await aged(join(root, 'b.log'), OLD);
  const hands = handsThatMeet(root, () => writeFile(join(root, 'b.log'), 'new words'));
  const rule = { folder: root, match: '*.log', olderThanMs: 86_400_000, archiveFolder };
  await cleanDisk.run({ path: '/', rules: [rule] }, context(root, { reason: 'over-limit', hands }));
  expect(await readdir(root)).toEqual(['b.log']);
  expect(await readFile(join(root, 'b.log'), 'utf8')).toBe('new words');
});

async function rotate(root: string, archiveFolder: string, hands: ReturnType<typeof handsThatMeet>) {
  const options = { match: `${root}/*.log`, maxBytes: 1_000, keep: 3, compress: 'gzip' as const, archiveFolder };
  return await rotateLog.run(options, context(root, { reason: 'over-limit', hands }));
}

test('a log that is replaced after it was found too large stays', async () => {
  const root = await folder();
  const archiveFolder = await folder();
  const log = join(root, 'app.log');
  await writeFile(log, LINES);
  await writeFile(join(root, 'precious'), 'precious');
  const outcome = await rotate(
    root,
    archiveFolder,
    handsThatMeet(root, async () => {
      await rename(log, `${log}.1`);
      await symlink(join(root, 'precious'), log);
    }),
  );
  expect(outcome).toMatchObject({ outcome: 'nothing', did: [`${log} was replaced or removed by something else`] });
  expect(existsSync(log)).toBe(true);
  expect(await readdir(archiveFolder)).toEqual([]);
});

test('a log that somebody opens just before the rename is not compressed, so that no line is lost', async () => {
  const root = await folder();
  const archiveFolder = await folder();
  const log = join(root, 'app.log');
  await writeFile(log, LINES);
  const hands = handsThatMeet(root, async () => {
    const writer = await open(log, 'a');
    onTestFinished(() => writer.close());
  });
  const outcome = await rotate(root, archiveFolder, hands);
  expect(outcome.did[0]).toContain('not compressed since it is still written to');
  expect(await readdir(archiveFolder)).toEqual(['app.log.20260203T040506Z-1']);
});
