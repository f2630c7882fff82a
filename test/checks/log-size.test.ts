import { spawnSync } from 'node:child_process';
import { mkdir, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkNamed } from '../../checks/index.ts';
import { context, folder } from './look.ts';

async function look(options: object) {
  const check = checkNamed('log-size');
  if (check === undefined) throw new Error('no log-size check');
  return await check.look(options, context());
}

async function log(path: string, bytes: number): Promise<void> {
  await writeFile(path, '');
  await truncate(path, bytes);
}

test('names the largest log over its size and counts the others', async () => {
  const home = await folder();
  await log(join(home, 'small.log'), 10);
  await log(join(home, 'big.log'), 3_000);
  await log(join(home, 'biggest.log'), 5_000);
  const seen = await look({ match: `${home}/*.log`, maxBytes: 2_000 });
  expect(seen).toMatchObject({
    status: 'warning',
    reason: 'over-limit',
    metrics: { files: 3, overLimit: 2, largestBytes: 5_000 },
  });
  expect(seen.message).toBe(`${home}/biggest.log has 5 kB, over 2 kB and 1 more`);
});

test('archives never match their own rule, wherever they lie', async () => {
  const home = await folder();
  await mkdir(join(home, 'old'));
  await log(join(home, 'app.log'), 10);
  await log(join(home, 'app.log.20260101T000000Z-1'), 9_000);
  await log(join(home, 'app.log.20260101T000000Z-1.gz'), 9_000);
  await log(join(home, 'old', 'app.log'), 9_000);
  const seen = await look({ match: `${home}/**/*.log*`, maxBytes: 2_000, archiveFolder: join(home, 'old') });
  expect(seen).toMatchObject({ status: 'ok', metrics: { files: 1 } });
});

test('links, pipes and folders are left out, and it says so', async () => {
  const home = await folder();
  await log(join(home, 'real.log'), 10);
  await symlink('/dev/zero', join(home, 'endless.log'));
  await symlink(join(home, 'nowhere'), join(home, 'dangling.log'));
  await mkdir(join(home, 'folder.log'));
  spawnSync('mkfifo', [join(home, 'pipe.log')]);
  const seen = await look({ match: `${home}/*.log`, maxBytes: 5 });
  expect(seen.metrics).toMatchObject({ files: 1 });
  expect(seen.message).toContain('left out: 2 symlinks, 1 folder, 1 fifo');
});

test('no log is nothing to look at, not trouble', async () => {
  expect(await look({ match: `${await folder()}/*.log`, maxBytes: 5 })).toMatchObject({ status: 'idle' });
});
