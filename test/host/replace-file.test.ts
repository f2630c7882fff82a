import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { replaceFile } from '../../src/host/replace-file.ts';
import { folder } from '../actions/act.ts';

const bytes = Buffer.from('new');

async function file() {
  const root = await folder();
  const path = join(root, 'a');
  writeFileSync(path, 'old');
  return { root, path, inode: statSync(path).ino };
}

test('a file that somebody has replaced since it was looked at is theirs, and nothing is left behind', async () => {
  const { root, path, inode } = await file();
  const wish = { bytes, mode: 0o600, asideAs: `${path}.old`, inode: inode + 1 };
  await expect(replaceFile(path, wish)).rejects.toMatchObject({ code: 'EBUSY' });
  await expect(replaceFile(path, { bytes, mode: 0o600 })).rejects.toMatchObject({ code: 'EBUSY' });
  expect(readdirSync(root)).toEqual(['a']);
  expect(readFileSync(path, 'utf8')).toBe('old');
});

test('no name that is taken is written over', async () => {
  const { root, path, inode } = await file();
  writeFileSync(`${path}.old`, 'older');
  const wish = { bytes, mode: 0o600, asideAs: `${path}.old`, inode };
  await expect(replaceFile(path, wish)).rejects.toMatchObject({ code: 'EEXIST' });
  expect(readdirSync(root).sort()).toEqual(['a', 'a.old']);
  expect(readFileSync(`${path}.old`, 'utf8')).toBe('older');
  expect(readFileSync(path, 'utf8')).toBe('old');
});

test('what was set aside is the very file, whoever has it open', async () => {
  const { path, inode } = await file();
  await replaceFile(path, { bytes, mode: 0o640, asideAs: `${path}.old`, inode });
  expect(statSync(`${path}.old`).ino).toBe(inode);
  expect(readFileSync(path, 'utf8')).toBe('new');
  expect(statSync(path).mode & 0o777).toBe(0o640);
});
