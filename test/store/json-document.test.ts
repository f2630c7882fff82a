import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { type DocumentOptions, openDocument } from '../../src/store/json-document.ts';
import { parseWith } from '../../src/store/parse-with.ts';
import { asOrdinaryUser } from '../helpers/ordinary-user.ts';
import { NOON } from './samples.ts';
import { scratch } from './scratch.ts';

type Note = { version: 1; n: number; text: string };
const parse = parseWith(v.object({ version: v.literal(1), n: v.number(), text: v.string() }));
const note = (n: number): Note => ({ version: 1, n, text: `Grüße ${n}` });

function opened(path: string, more: Partial<DocumentOptions<Note>> = {}) {
  return openDocument<Note>({ path, initial: note(0), parse, nowMs: NOON, ...more });
}

async function savedTwice(path: string): Promise<void> {
  const document = await opened(path);
  await document.save(note(1));
  await document.save(note(2));
}

describe('a JSON document', () => {
  it('starts with its initial value, without a word', async () => {
    const document = await opened(join(scratch(), 'd.json'));
    expect(document).toMatchObject({ value: note(0), notices: [] });
  });

  it('comes back as it was saved, and keeps the value before it', async () => {
    const path = join(scratch(), 'd.json');
    await savedTwice(path);
    expect((await opened(path)).value).toEqual(note(2));
    expect(JSON.parse(readFileSync(`${path}.last-good`, 'utf8'))).toEqual(note(1));
  });

  it('truncated at any byte, gives the newest or the last good value, and says when it is not the newest', async () => {
    const folder = scratch();
    const path = join(folder, 'd.json');
    await savedTwice(path);
    const whole = readFileSync(path);
    const before = readFileSync(`${path}.last-good`);
    for (let bytes = 0; bytes < whole.length; bytes += 1) {
      rmSync(folder, { recursive: true });
      mkdirSync(folder);
      writeFileSync(path, whole.subarray(0, bytes));
      writeFileSync(`${path}.last-good`, before);
      const { value, notices } = await opened(path);
      if (value.n === 2) expect(notices).toEqual([]);
      else {
        expect(value).toEqual(note(1));
        expect(notices).toMatchObject([{ code: 'FILE_SET_ASIDE' }]);
        expect(readdirSync(folder)).toContain('d.json.bad-20251121T120000Z.why');
      }
    }
  });

  it('truncated right after the very first save, still has it', async () => {
    const path = join(scratch(), 'd.json');
    await (await opened(path)).save(note(1));
    truncateSync(path, 3);
    expect((await opened(path)).value).toEqual(note(1));
  });

  it('survives any garbage in both files, and starts anew with a word', async () => {
    const folder = scratch();
    const path = join(folder, 'd.json');
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 40 }), fc.json(), async (bytes, json) => {
        writeFileSync(path, bytes);
        writeFileSync(`${path}.last-good`, json);
        const { value, notices } = await opened(path);
        expect(value).toEqual(note(0));
        expect(notices).toMatchObject([{ code: 'FILE_STARTED_ANEW' }]);
      }),
      { numRuns: 50 },
    );
    expect(readdirSync(folder).filter((name) => /^d\.json\.bad-.*Z(-\d+)?$/.test(name)).length).toBeLessThanOrEqual(5);
  });

  it('keeps the five newest of the files it set aside', async () => {
    const folder = scratch();
    const path = join(folder, 'd.json');
    for (let n = 0; n < 12; n += 1) {
      writeFileSync(path, `bad ${n}`);
      await opened(path);
    }
    const kept = readdirSync(folder).filter((name) => !name.endsWith('.why'));
    expect(kept.map((name) => readFileSync(join(folder, name), 'utf8')).sort()).toEqual([
      'bad 10',
      'bad 11',
      'bad 7',
      'bad 8',
      'bad 9',
    ]);
  });

  it('uses the last good copy when the file is missing, is a folder, or is far too large', async () => {
    const path = join(scratch(), 'd.json');
    const spoil = [
      () => unlinkSync(path),
      () => {
        unlinkSync(path);
        mkdirSync(path);
      },
      () => truncateSync(path, 33 * 1024 * 1024),
    ];
    for (const spoilIt of spoil) {
      await savedTwice(path);
      spoilIt();
      const { value, notices } = await opened(path);
      expect(value).toEqual(note(1));
      expect(notices).toMatchObject([{ code: 'FILE_SET_ASIDE' }]);
    }
  });

  it('never takes a file that something else wrote for its last good copy', async () => {
    const path = join(scratch(), 'd.json');
    const document = await opened(path);
    await document.save(note(1));
    await document.save(note(2));
    writeFileSync(path, 'scribble');
    await document.save(note(3));
    expect(JSON.parse(readFileSync(`${path}.last-good`, 'utf8'))).toEqual(note(1));
    expect((await opened(path)).value).toEqual(note(3));
  });

  it('brings old versions up to date step by step, and refuses newer ones', async () => {
    const path = join(scratch(), 'd.json');
    const options = {
      version: 3,
      parse: parseWith(v.object({ version: v.literal(3), n: v.number() })),
      initial: { version: 3 as const, n: 0 },
      migrations: {
        1: (old: Readonly<Record<string, unknown>>) => ({ version: 2, count: old['n'] }),
        2: (old: Readonly<Record<string, unknown>>) => ({ version: 3, n: Number(old['count']) * 10 }),
      },
    };
    writeFileSync(path, JSON.stringify(note(4)));
    expect((await openDocument({ path, nowMs: NOON, ...options })).value).toEqual({ version: 3, n: 40 });

    writeFileSync(path, JSON.stringify({ version: 4, n: 1 }));
    const { value, notices } = await openDocument({ path, nowMs: NOON, ...options });
    expect(value.n).toBe(0);
    expect(notices[0]?.text).toContain('its version is 4, this program knows up to 3');
  });

  it('refuses to write what it could not read again', async () => {
    const path = join(scratch(), 'd.json');
    const document = await opened(path);
    await document.save(note(1));
    await expect(document.save({ ...note(2), n: Number.NaN })).rejects.toMatchObject({ code: 'INTERNAL' });
    await document.save({ ...note(3), text: 'a:null b' });
    expect((await opened(path)).value.n).toBe(3);
  });

  it('writes nothing when nothing changed, unless the file is not as it left it', async () => {
    const path = join(scratch(), 'd.json');
    const document = await opened(path);
    await document.save(note(1));
    const { ino } = statSync(path);
    await document.save(note(1));
    expect(statSync(path).ino).toBe(ino);
    unlinkSync(path);
    await document.save(note(1));
    expect(existsSync(path)).toBe(true);
  });

  it('leaves a file alone that it may not read', async () => {
    const folder = scratch();
    const path = join(folder, 'd.json');
    await savedTwice(path);
    chmodSync(path, 0);
    await asOrdinaryUser([folder, path], async () => {
      await expect(opened(path)).rejects.toMatchObject({ code: 'NOT_PERMITTED' });
    });
    expect(existsSync(path)).toBe(true);
  });
});
