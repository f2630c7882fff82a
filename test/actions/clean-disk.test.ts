import { link, mkdir, open, readdir, readFile, symlink, utimes, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import * as v from 'valibot';
import { expect, onTestFinished, test } from 'vitest';
import { cleanDisk } from '../../actions/clean-disk.ts';
import { forbiddenFolder } from '../../src/host/old-files.ts';
import { context, folder, photograph } from './act.ts';

const DAY_MS = 86_400_000;
const NOW = Date.parse('2026-02-03T04:05:06Z');

async function old(path: string, days: number, content = 'x'.repeat(5_000)): Promise<void> {
  await writeFile(path, content);
  const at = new Date(NOW - days * DAY_MS);
  await utimes(path, at, at);
}

async function clean(
  root: string,
  more: { match?: string; archiveFolder?: string } = {},
  over: Parameters<typeof context>[1] = {},
) {
  const rule = { folder: root, match: '*', olderThanMs: 30 * DAY_MS, ...more };
  return await cleanDisk.run({ path: '/', rules: [rule] }, context(root, { reason: 'over-limit', ...over }));
}

test('removes what matches and is old, keeps the rest, and says how much that was', async () => {
  const root = await folder();
  await old(join(root, 'old.log'), 31);
  await old(join(root, 'young.log'), 29);
  await old(join(root, 'old.txt'), 31);
  const outcome = await clean(root, { match: '*.log' });
  expect(outcome.outcome).toBe('done');
  expect(outcome.did[0]).toMatch(/^removed 1 of .+\/\*\.log older than 30 d \(8\.2 kB\)$/);
  expect((await readdir(root)).toSorted()).toEqual(['old.txt', 'young.log']);
  expect((await clean(root, { match: '*.log' })).outcome).toBe('nothing');
});

test('a pattern goes as deep as it says, and folders stay though they are empty', async () => {
  const root = await folder();
  await mkdir(join(root, 'deep', 'deeper'), { recursive: true });
  await old(join(root, 'deep', 'deeper', 'a.log'), 90);
  expect((await clean(root, { match: '*.log' })).outcome).toBe('nothing');
  expect((await clean(root, { match: '**/*.log' })).outcome).toBe('done');
  expect((await readdir(root, { recursive: true })).toSorted()).toEqual(['deep', 'deep/deeper']);
});

test('databases, their journals, locks, repositories and what is linked from elsewhere stay', async () => {
  const root = await folder();
  const elsewhere = await folder();
  await old(join(elsewhere, 'precious'), 90);
  await symlink(join(elsewhere, 'precious'), join(root, 'link'));
  await symlink(elsewhere, join(root, 'linked'));
  for (const name of ['a.sqlite', 'a.db-wal', 'a.db-shm', 'x.lock', 'x.pid', 'LOCK']) await old(join(root, name), 90);
  await old(join(root, 'no-suffix'), 90, 'SQLite format 3\0 and so on');
  await mkdir(join(root, 'level'));
  await old(join(root, 'level', 'CURRENT'), 90);
  await old(join(root, 'level', '000003.log'), 90);
  await mkdir(join(root, '.git'));
  await old(join(root, '.git', 'config'), 90);
  const before = [await photograph(root), await photograph(elsewhere)];
  const outcome = await clean(root, { match: '{**/*,.git/*}' });
  expect(outcome.outcome).toBe('nothing');
  expect(outcome.did[0]).toContain('databases or locks');
  expect([await photograph(root), await photograph(elsewhere)]).toEqual(before);
});

test('a file that somebody reads or writes stays, and it says so', async () => {
  const root = await folder();
  await old(join(root, 'open.log'), 90);
  await old(join(root, 'closed.log'), 90);
  const reader = await open(join(root, 'open.log'), 'r');
  onTestFinished(() => reader.close());
  const outcome = await clean(root);
  expect(outcome.did[0]).toContain('left alone: 1 in use');
  expect(await readdir(root)).toEqual(['open.log']);
});

test('a file with another name frees nothing, and is not counted', async () => {
  const root = await folder();
  const elsewhere = await folder();
  await old(join(root, 'a.log'), 90);
  await link(join(root, 'a.log'), join(elsewhere, 'same'));
  const outcome = await clean(root);
  expect(outcome.did[0]).toMatch(/^removed 1 of .+ older than 30 d$/);
});

test('archived first, every byte is in the archive, in a folder of its own way', async () => {
  const root = await folder();
  const archives = await folder();
  for (const name of ['a', 'b']) {
    await mkdir(join(root, name));
    await old(join(root, name, 'app.log'), 90, `from ${name}`);
  }
  const outcome = await clean(root, { match: '**/*.log', archiveFolder: archives });
  expect(outcome.did[0]).toContain('archived and removed 2 of');
  const file = join(archives, 'b', 'app.log.20260203T040506Z-1.gz');
  expect(gunzipSync(await readFile(file)).toString()).toBe('from b');
  expect(await readdir(join(root, 'b'))).toEqual([]);
});

test('an archive folder within the folder is not cleaned by the rule that fills it', async () => {
  const root = await folder();
  await old(join(root, 'app.log'), 90);
  const archiveFolder = join(root, 'archives');
  await clean(root, { match: '**/*', archiveFolder });
  expect((await clean(root, { match: '**/*', archiveFolder })).outcome).toBe('nothing');
  expect(await readdir(archiveFolder)).toEqual(['app.log.20260203T040506Z-1.gz']);
});

test('when it cannot be archived it is not removed', async () => {
  const root = await folder();
  await old(join(root, 'app.log'), 90);
  await old(join(root, 'a-file'), 1);
  const outcome = await clean(root, { archiveFolder: join(root, 'a-file', 'below') });
  expect(outcome).toMatchObject({ outcome: 'failed', trouble: { code: 'CLEAN_FAILED' } });
  expect((await readdir(root)).toSorted()).toEqual(['a-file', 'app.log']);
});

test('a folder whose own name looks like a pattern is that folder', async () => {
  const parent = await folder();
  for (const name of ['[ab]*', 'a']) {
    await mkdir(join(parent, name));
    await old(join(parent, name, 'x.log'), 90);
  }
  await clean(join(parent, '[ab]*'));
  expect(await readdir(join(parent, 'a'))).toEqual(['x.log']);
  expect(await readdir(join(parent, '[ab]*'))).toEqual([]);
});

test.each(['/', '/etc', '/usr', '/var', '/usr/bin/', '/etc/../etc', '/usr/share/doc', homedir()])(
  'nothing is ever removed in %s',
  async (root) => {
    const outcome = await cleanDisk.run(
      { path: '/', rules: [{ folder: root, match: 'no-such-file-4711', olderThanMs: 0 }] },
      context('/', { dryRun: true }),
    );
    expect(outcome).toMatchObject({ outcome: 'refused', trouble: { code: 'CLEAN_REFUSED' } });
  },
);

test.each(['../other/*', 'a/../../*', '..', '/etc/*', ''])(
  'the pattern %j leads out of the folder and is refused',
  (match) => {
    const rule = { folder: '/tmp/somewhere', match, olderThanMs: 0 };
    expect(v.safeParse(cleanDisk.options, { path: '/', rules: [rule] }).success).toBe(false);
  },
);

test('what belongs to the daemon itself stays, even when a rule covers it', async () => {
  const root = await folder();
  await mkdir(join(root, 'jarvis-health'));
  await old(join(root, 'jarvis-health', 'config.yaml'), 90);
  expect((await clean(root, { match: '**/*' })).outcome).toBe('nothing');
  expect(await readdir(join(root, 'jarvis-health'))).toEqual(['config.yaml']);
});

test('a folder that is not there is no trouble', async () => {
  const root = await folder();
  expect(await clean(join(root, 'none'))).toMatchObject({ outcome: 'nothing', did: [`${root}/none does not exist`] });
});

test('the home folder is not cleaned, by whatever name it goes, nor what holds it', async () => {
  const root = await folder();
  await mkdir(join(root, 'ada', 'logs'), { recursive: true });
  await symlink(root, join(root, 'home'));
  const home = join(root, 'home', 'ada');
  expect(await forbiddenFolder(join(root, 'ada'), home)).toBe('it is the whole home folder');
  expect(await forbiddenFolder(root, home)).toBe('the whole home folder is in it');
  expect(await forbiddenFolder(join(root, 'ada', 'logs'), home)).toBeUndefined();
});
