import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { keepFile, keptCopies, readKept } from '../../src/host/kept-files.ts';
import { folder } from '../actions/act.ts';

async function service(text = 'port: 1\n') {
  const root = await folder();
  const home = join(root, 'home');
  const file = join(root, 'app.yaml');
  writeFileSync(file, text, { mode: 0o640 });
  const of = { home, service: 'web', file };
  const keep = (nowMs = 1, bornAtMs = Number.POSITIVE_INFINITY) => keepFile(of, { nowMs, bornAtMs });
  return { root, home, file, of, keep };
}

test('a file is kept with its bytes and mode, for us alone to read, and once', async () => {
  const { of, keep } = await service();
  const kept = await keep(5);
  expect(kept.kind).toBe('kept');
  const [copy] = await keptCopies(of);
  if (copy === undefined) throw new Error('nothing is kept');
  expect(copy).toMatchObject({ keptAtMs: 5, mode: 0o640 });
  expect((await readKept(copy))?.toString()).toBe('port: 1\n');
  expect(statSync(copy.path).mode & 0o777).toBe(0o600);
  expect(statSync(dirname(copy.path)).mode & 0o777).toBe(0o700);
  expect((await keep(6)).kind).toBe('same');
  expect(readdirSync(dirname(copy.path))).toHaveLength(1);
});

test('of many the newest three stay', async () => {
  const { file, of, keep } = await service();
  for (const at of [1, 2, 3, 4, 5]) {
    writeFileSync(file, `port: ${at}\n`);
    expect((await keep(at)).kind).toBe('kept');
  }
  expect((await keptCopies(of)).map(({ keptAtMs }) => keptAtMs)).toEqual([5, 4, 3]);
});

test('what was changed since the process began is not proven by it, whatever time it carries', async () => {
  const { file, of, keep } = await service();
  const { mtimeMs, ctimeMs } = statSync(file);
  expect(await keep(1, Math.max(mtimeMs, ctimeMs))).toMatchObject({ kind: 'left' });
  utimesSync(file, 1, 1);
  expect(await keep(1, ctimeMs - 1)).toMatchObject({ kind: 'left' });
  expect(await keptCopies(of)).toEqual([]);
});

test('a damaged copy is none', async () => {
  const { of, keep } = await service();
  await keep();
  const [copy] = await keptCopies(of);
  if (copy === undefined) throw new Error('nothing is kept');
  writeFileSync(copy.path, 'port: 2\n');
  expect(await readKept(copy)).toBeUndefined();
});

test('of one service proves nothing for another', async () => {
  const { of, keep } = await service();
  await keep();
  expect(await keptCopies({ ...of, service: 'api' })).toEqual([]);
});

test('nothing is kept of what is too large, no file, gone, or reached through a link out of its folder', async () => {
  const { root, home, file, keep } = await service('x'.repeat(1_048_577));
  expect(await keep()).toMatchObject({ kind: 'left' });
  const other = (name: string) =>
    keepFile({ home, service: 'web', file: join(root, name) }, { nowMs: 1, bornAtMs: Infinity });
  mkdirSync(join(root, 'sub'));
  writeFileSync(join(root, 'sub', 'secret'), 'x');
  symlinkSync(join(root, 'sub', 'secret'), join(root, 'out'));
  symlinkSync(join(root, 'none'), join(root, 'nowhere'));
  for (const name of ['sub', 'out', 'nowhere']) expect((await other(name)).kind).toBe('left');
  expect((await other('none')).kind).toBe('missing');
  writeFileSync(file, 'small');
  symlinkSync('app.yaml', join(root, 'within'));
  expect((await other('within')).kind).toBe('kept');
  chmodSync(join(root, 'sub'), 0o777);
  expect(await other('sub/secret')).toMatchObject({ kind: 'left', because: expect.stringContaining('everybody') });
  expect(existsSync(join(home, 'run', 'kept'))).toBe(true);
  expect(readdirSync(join(home, 'run', 'kept'))).toHaveLength(1);
  expect(readFileSync(file, 'utf8')).toBe('small');
});
