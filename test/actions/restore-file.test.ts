import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { restoreFile } from '../../actions/restore-file.ts';
import { keepFile, keptCopies } from '../../src/host/kept-files.ts';
import { context, folder } from './act.ts';

const NOW = Date.parse('2026-02-03T04:05:06Z');
const GOOD = 'port: 1\ntoken: horse\n';
const ASIDE = 'app.yaml.refused-20260203T040506Z';

/** A service whose configuration was good once, and is bad now and left alone. */
async function service({ kept = true } = {}) {
  const root = await folder();
  const home = join(root, 'jarvis-health');
  const etc = join(root, 'etc');
  mkdirSync(etc);
  const file = join(etc, 'app.yaml');
  writeFileSync(file, GOOD, { mode: 0o640 });
  const of = { home, service: 'web', file };
  if (kept) await keepFile(of, { nowMs: NOW - 3_600_000, bornAtMs: Number.POSITIVE_INFINITY });
  spoil();
  function spoil(text = 'port: one\ntoken: staple\n', at = NOW / 1_000 - 600) {
    writeFileSync(file, text);
    utimesSync(file, at, at);
  }
  const run = (over: Parameters<typeof context>[1] = {}, options: { from?: string; file?: string } = {}) =>
    restoreFile.run({ file, untouchedForMs: 120_000, ...options }, context(root, over));
  return { root, etc, file, of, spoil, run, text: () => readFileSync(file, 'utf8') };
}

test('the kept copy is put back with mode and owner, and what was refused stays beside it', async () => {
  const { etc, file, run, text } = await service();
  chmodSync(file, 0o604);
  expect(await run()).toEqual({
    outcome: 'done',
    did: [
      `put ${file} back, as it was kept 1 h ago: 2 lines differ, 24 B before, 21 B now`,
      `what was refused is ${join(etc, ASIDE)}`,
    ],
  });
  expect(text()).toBe(GOOD);
  expect(statSync(file).mode & 0o777).toBe(0o604);
  expect(readdirSync(etc).sort()).toEqual(['app.yaml', ASIDE]);
  expect(readFileSync(join(etc, ASIDE), 'utf8')).toContain('port: one');
});

test('nothing of the content is told, only the size of the change', async () => {
  const { run } = await service();
  expect(JSON.stringify([await run({ dryRun: true }), await run()])).not.toMatch(/horse|staple|token/);
});

test('a dry run shows both paths, and changes nothing', async () => {
  const { etc, file, of, run } = await service();
  const [copy] = await keptCopies(of);
  expect((await run({ dryRun: true })).did).toEqual([
    `mv -n ${file} ${join(etc, ASIDE)}`,
    `cp ${copy?.path} ${file}`,
    '2 lines differ, 24 B before, 21 B now',
  ]);
  expect(readdirSync(etc)).toEqual(['app.yaml']);
});

test('what is good already is left as it is', async () => {
  const { etc, run, spoil } = await service();
  spoil(GOOD);
  expect(await run()).toMatchObject({ outcome: 'nothing' });
  expect(readdirSync(etc)).toEqual(['app.yaml']);
});

test('without a kept copy, or with damaged ones, nothing is touched', async () => {
  const { run } = await service({ kept: false });
  expect(await run()).toMatchObject({ outcome: 'refused', trouble: { code: 'NOTHING_KEPT' } });
  const damaged = await service();
  for (const { path } of await keptCopies(damaged.of)) writeFileSync(path, 'x');
  expect(await damaged.run()).toMatchObject({ outcome: 'refused', trouble: { code: 'NOTHING_KEPT' } });
  expect(damaged.text()).toContain('one');
});

test('a file that is gone comes back', async () => {
  const { file, run, text } = await service();
  rmSync(file);
  expect((await run()).did).toEqual([`put ${file} back, as it was kept 1 h ago: it was gone, and has 21 B now`]);
  expect(text()).toBe(GOOD);
  expect(statSync(file).mode & 0o777).toBe(0o640);
});

test('a copy that a person keeps is taken where the step names it', async () => {
  const { root, run, text } = await service();
  const from = join(root, 'mine.yaml');
  writeFileSync(from, 'port: 3\n');
  expect(await run({}, { from })).toMatchObject({ outcome: 'done' });
  expect(text()).toBe('port: 3\n');
  expect(await run({}, { from: join(root, 'none') })).toMatchObject({ trouble: { code: 'NOTHING_KEPT' } });
});

test('what somebody wrote to just now is left to them, unless a person asks', async () => {
  const { run, spoil, text } = await service();
  spoil('port: two\n', NOW / 1_000 - 30);
  expect(await run()).toMatchObject({ outcome: 'failed', trouble: { code: 'TRY_LATER' } });
  expect(text()).toBe('port: two\n');
  expect(await run({ asked: true })).toMatchObject({ outcome: 'done' });
});

test('two refused files of one second are both kept', async () => {
  const { etc, run, spoil } = await service();
  await run();
  spoil('port: three\n');
  await run();
  expect(readdirSync(etc).sort()).toEqual(['app.yaml', ASIDE, `${ASIDE}-2`]);
});

test('a file that is made bad again and again is left to a person in the end', async () => {
  const { etc, run, spoil, text } = await service();
  for (let at = 0; at < 10; at += 1) {
    spoil(`port: bad ${at}\n`);
    expect((await run()).outcome).toBe('done');
  }
  spoil('port: bad again\n');
  expect(await run()).toMatchObject({ outcome: 'refused', trouble: { code: 'RESTORE_REFUSED' } });
  expect(text()).toBe('port: bad again\n');
  expect(readdirSync(etc)).toHaveLength(11);
});

test('no link leads it out of the folder, and one within is kept as a link', async () => {
  const { root, etc, file, run, text } = await service();
  writeFileSync(join(root, 'precious'), 'precious');
  rmSync(file);
  symlinkSync(join(root, 'precious'), file);
  expect(await run()).toMatchObject({ outcome: 'refused', trouble: { code: 'RESTORE_REFUSED' } });
  expect(readFileSync(join(root, 'precious'), 'utf8')).toBe('precious');
  rmSync(file);
  writeFileSync(join(etc, 'real.yaml'), 'bad\n');
  utimesSync(join(etc, 'real.yaml'), 1, 1);
  symlinkSync('real.yaml', file);
  expect(await run()).toMatchObject({ outcome: 'done' });
  expect(text()).toBe(GOOD);
  expect(readdirSync(etc).sort()).toEqual(['app.yaml', 'real.yaml', 'real.yaml.refused-20260203T040506Z']);
});

test.each([
  ['a folder', (file: string) => mkdirSync(file)],
  [
    'a file in a folder that everybody may write to',
    (file: string) => {
      writeFileSync(file, 'bad\n');
      chmodSync(join(file, '..'), 0o777);
    },
  ],
])('refuses %s', async (_, make) => {
  const { file, run } = await service();
  rmSync(file);
  make(file);
  expect(await run()).toMatchObject({ outcome: 'refused', trouble: { code: 'RESTORE_REFUSED' } });
});
