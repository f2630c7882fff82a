import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readBounded, sweepTemporaries, writeDurably } from '../../src/store/durable-file.ts';
import { asOrdinaryUser } from '../helpers/ordinary-user.ts';
import { scratch } from './scratch.ts';

describe('writing a file durably', () => {
  it('makes it readable for its owner only, and leaves nothing else behind', async () => {
    const folder = scratch();
    const path = join(folder, 'a.json');
    await writeDurably(path, 'one');
    await writeDurably(path, 'two');
    expect(readFileSync(path, 'utf8')).toBe('two');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['a.json']);
  });

  it('leaves no temporary file when it fails', async () => {
    const folder = scratch();
    mkdirSync(join(folder, 'in-the-way', 'full'), { recursive: true });
    await expect(writeDurably(join(folder, 'in-the-way'), 'x')).rejects.toThrow();
    await expect(
      writeDurably(join(folder, 'a.json'), 'x', { beforeSwap: () => Promise.reject(new Error('no')) }),
    ).rejects.toThrow('no');
    expect(readdirSync(folder)).toEqual(['in-the-way']);
  });

  it('replaces a link instead of writing through it', async () => {
    const folder = scratch();
    writeFileSync(join(folder, 'precious'), 'precious');
    symlinkSync('precious', join(folder, 'a.json'));
    await writeDurably(join(folder, 'a.json'), 'x');
    expect(readFileSync(join(folder, 'precious'), 'utf8')).toBe('precious');
  });

  it('sweeps up after an interrupted write, and nothing else', async () => {
    const folder = scratch();
    for (const name of ['.a.json.123-4.tmp', '.hidden', 'b.tmp', 'a.json']) writeFileSync(join(folder, name), '');
    await sweepTemporaries(folder);
    expect(readdirSync(folder).sort()).toEqual(['.hidden', 'a.json', 'b.tmp']);
  });
});

describe('reading a file', () => {
  it('gives nothing for a missing one', async () => {
    expect(await readBounded(join(scratch(), 'none'), 10)).toBeUndefined();
  });

  it('refuses one that is too large', async () => {
    const path = join(scratch(), 'large');
    writeFileSync(path, 'x'.repeat(11));
    await expect(readBounded(path, 10)).rejects.toThrow('11 bytes');
  });

  it('refuses a folder and a FIFO without waiting for a writer', async () => {
    const folder = scratch();
    execFileSync('mkfifo', [join(folder, 'fifo')]);
    await expect(readBounded(join(folder, 'fifo'), 10)).rejects.toThrow('not a regular file');
    await expect(readBounded(folder, 10)).rejects.toThrow('not a regular file');
  });

  it('says that it may not read', async () => {
    const folder = scratch();
    const path = join(folder, 'secret');
    writeFileSync(path, 'x');
    chmodSync(path, 0);
    await asOrdinaryUser([folder, path], async () => {
      await expect(readBounded(path, 10)).rejects.toMatchObject({ code: 'EACCES' });
    });
  });
});
