import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, chmod, lstat, mkdir, open, readdir, readFile, symlink, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { rotateLog } from '../../actions/rotate-log.ts';
import { parseArchiveName } from '../../src/core/archive-name.ts';
import { context, folder, photograph } from './act.ts';

const LINES = 'one line of a log\n'.repeat(100);

async function rotate(
  home: string,
  more: Partial<Parameters<typeof rotateLog.run>[0]> = {},
  over: Parameters<typeof context>[1] = {},
) {
  const options = { match: `${home}/**/*.log`, maxBytes: 1_000, keep: 3, compress: 'none' as const, ...more };
  return await rotateLog.run(options, context(home, over));
}

test('the archive lies beside the log, named by time and number, and holds every byte', async () => {
  const home = await folder();
  await writeFile(join(home, 'app.log'), LINES, { mode: 0o640 });
  await writeFile(join(home, 'small.log'), 'x');
  const outcome = await rotate(home);
  expect(outcome.outcome).toBe('done');
  expect((await readdir(home)).toSorted()).toEqual(['app.log.20260203T040506Z-1', 'small.log']);
  expect(await readFile(join(home, 'app.log.20260203T040506Z-1'), 'utf8')).toBe(LINES);
  expect((await rotate(home)).outcome).toBe('nothing');
});

test('compressed, it has the same text, mode and time, and the plain one is gone', async () => {
  const home = await folder();
  await writeFile(join(home, 'app.log'), LINES);
  await chmod(join(home, 'app.log'), 0o640);
  const before = await lstat(join(home, 'app.log'));
  await rotate(home, { compress: 'gzip' });
  expect(await readdir(home)).toEqual(['app.log.20260203T040506Z-1.gz']);
  const archive = join(home, 'app.log.20260203T040506Z-1.gz');
  expect(gunzipSync(await readFile(archive)).toString()).toBe(LINES);
  const after = await lstat(archive);
  expect([after.mode, Math.round(after.mtimeMs)]).toEqual([before.mode, Math.round(before.mtimeMs)]);
});

test('two rotations in one second do not overwrite each other, compressed or not', async () => {
  const home = await folder();
  for (const compress of ['none', 'gzip', 'none'] as const) {
    await writeFile(join(home, 'app.log'), LINES + compress);
    await rotate(home, { compress });
  }
  const numbers = (await readdir(home)).map((name) => parseArchiveName(name)?.seq);
  expect(numbers.toSorted()).toEqual([1, 2, 3]);
});

test('keeps the newest archives of this very log, and touches those of no other', async () => {
  const home = await folder();
  for (let day = 1; day <= 5; day += 1) await writeFile(join(home, `app.log.2026010${day}T000000Z-1.gz`), 'old');
  await writeFile(join(home, 'app.log.20250101T000000Z-1'), 'oldest');
  await writeFile(join(home, 'other.log.20240101T000000Z-1.gz'), 'not mine');
  await writeFile(join(home, 'app.log.notes'), 'not an archive');
  await writeFile(join(home, 'app.log'), LINES);
  await rotate(home);
  expect((await readdir(home)).toSorted()).toEqual([
    'app.log.20260104T000000Z-1.gz',
    'app.log.20260105T000000Z-1.gz',
    'app.log.20260203T040506Z-1',
    'app.log.notes',
    'other.log.20240101T000000Z-1.gz',
  ]);
});

test('a log that a program writes to is left alone, and it says who and what it needs', async () => {
  const home = await folder();
  await writeFile(join(home, 'app.log'), LINES);
  const writer = await open(join(home, 'app.log'), 'a');
  onTestFinished(() => writer.close());
  const before = await photograph(home);
  const outcome = await rotate(home);
  expect(outcome).toMatchObject({ outcome: 'refused', trouble: { code: 'LOG_HELD_OPEN' } });
  expect(outcome.trouble?.message).toContain(`(pid ${process.pid})`);
  expect(outcome.trouble?.hint).not.toBe('');
  expect(await photograph(home)).toEqual(before);
});

test('a reader does not hinder it', async () => {
  const home = await folder();
  await writeFile(join(home, 'app.log'), LINES);
  const reader = await open(join(home, 'app.log'), 'r');
  onTestFinished(() => reader.close());
  expect((await rotate(home, { compress: 'gzip' })).outcome).toBe('done');
  expect((await reader.readFile('utf8')).length).toBe(LINES.length);
});

test('one log in use does not keep the others from being rotated', async () => {
  const home = await folder();
  for (const name of ['a.log', 'b.log']) await writeFile(join(home, name), LINES);
  const writer = await open(join(home, 'a.log'), 'a');
  onTestFinished(() => writer.close());
  const outcome = await rotate(home);
  expect(outcome).toMatchObject({ outcome: 'done', trouble: { code: 'LOG_HELD_OPEN' } });
  expect((await readdir(home)).toSorted()).toEqual(['a.log', 'b.log.20260203T040506Z-1']);
});

test('no line is lost to a writer that opens the log for each line', async () => {
  const home = await folder();
  const log = join(home, 'app.log');
  const script = 'i=0; while [ $i -lt 400 ]; do i=$((i+1)); echo "line $i of a log that is rotated" >> "$0"; done';
  const writer = spawn('sh', ['-c', script, log], { stdio: 'ignore' });
  const ended = once(writer, 'exit');
  let running = true;
  void ended.then(() => {
    running = false;
  });
  while (running) await rotate(home, { keep: 1_000, compress: 'gzip' });
  await ended;
  let lines = 0;
  for (const name of await readdir(home)) {
    const content = await readFile(join(home, name));
    lines += (name.endsWith('.gz') ? gunzipSync(content) : content).toString().split('\n').length - 1;
  }
  expect(lines).toBe(400);
});

test('a link, a pipe and a folder are no logs, and where a link points nothing happens', async () => {
  const home = await folder();
  const elsewhere = await folder();
  await writeFile(join(elsewhere, 'precious'), LINES);
  await symlink(join(elsewhere, 'precious'), join(home, 'link.log'));
  await symlink(elsewhere, join(home, 'linked'));
  await writeFile(join(elsewhere, 'behind.log'), LINES);
  await mkdir(join(home, 'folder.log'));
  spawnSync('mkfifo', [join(home, 'pipe.log')]);
  const before = [await photograph(home), await photograph(elsewhere)];
  expect((await rotate(home)).outcome).toBe('nothing');
  expect([await photograph(home), await photograph(elsewhere)]).toEqual(before);
});

test('the logs of the daemon itself are its own business', async () => {
  const home = await folder();
  await mkdir(join(home, 'jarvis-health'));
  await writeFile(join(home, 'jarvis-health', 'daemon.log'), LINES);
  expect((await rotate(home)).outcome).toBe('nothing');
});

test('a log that vanishes on the way is nothing to worry about', async () => {
  const home = await folder();
  await writeFile(join(home, 'app.log'), LINES);
  const { hands } = context(home);
  const vanishing = {
    ...hands,
    rename: async (from: string, to: string) => {
      await unlink(from);
      await hands.rename(from, to);
    },
  };
  expect(await rotate(home, {}, { hands: vanishing })).toMatchObject({ outcome: 'nothing' });
});

test('in an archive folder every log keeps its way, so that two of one name do not mix', async () => {
  const home = await folder();
  const archives = join(home, 'archives');
  for (const name of ['a', 'b']) {
    await mkdir(join(home, name));
    await writeFile(join(home, name, 'app.log'), LINES);
  }
  await rotate(home, { archiveFolder: archives, keep: 1 });
  const found = (await readdir(archives, { recursive: true })).toSorted();
  expect(found).toEqual(['a', 'a/app.log.20260203T040506Z-1', 'b', 'b/app.log.20260203T040506Z-1']);
  await appendFile(join(archives, 'a', 'big.log'), LINES);
  expect((await rotate(home, { archiveFolder: archives })).outcome).toBe('nothing');
});
