import {
  appendFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createHands } from '../../src/host/hands.ts';
import { lookAt, readProcess } from '../../src/host/processes.ts';
import { startProgram } from '../fixtures/start.ts';

let folder = '';
const at = (name: string) => join(folder, name);
const hands = createHands({ dryRun: false, home: tmpdir() });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jh-files-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('compressing a file', () => {
  it('leaves the archive in its place, with its mode, its time and all of its bytes', async () => {
    const text = 'a line of a log\n'.repeat(50_000);
    writeFileSync(at('a.log'), text, { mode: 0o640 });
    utimesSync(at('a.log'), 1_700_000_000, 1_700_000_000);
    expect(await hands.gzip(at('a.log'))).toBe(at('a.log.gz'));
    expect(readdirSync(folder)).toEqual(['a.log.gz']);
    expect(gunzipSync(readFileSync(at('a.log.gz'))).toString()).toBe(text);
    expect(statSync(at('a.log.gz')).mode & 0o777).toBe(0o640);
    expect(statSync(at('a.log.gz')).mtimeMs).toBe(1_700_000_000_000);
  });

  it('never writes over an archive, follows no link, takes no folder, and leaves everything then', async () => {
    writeFileSync(at('a.log'), 'new');
    writeFileSync(at('a.log.gz'), 'old');
    await expect(hands.gzip(at('a.log'))).rejects.toMatchObject({ code: 'EEXIST' });
    symlinkSync(at('a.log'), at('link'));
    await expect(hands.gzip(at('link'))).rejects.toThrow();
    mkdirSync(at('dir'));
    await expect(hands.gzip(at('dir'))).rejects.toThrow();
    await expect(hands.gzip(at('none'))).rejects.toMatchObject({ code: 'ENOENT' });
    expect(readdirSync(folder).sort()).toEqual(['a.log', 'a.log.gz', 'dir', 'link']);
    expect(readFileSync(at('a.log.gz'), 'utf8')).toBe('old');
  });

  it('follows no link that somebody has planted where the archive will be', async () => {
    writeFileSync(at('victim'), 'precious');
    for (const name of ['a.log.gz.new', 'b.log.gz']) symlinkSync(at('victim'), at(name));
    writeFileSync(at('a.log'), 'text');
    writeFileSync(at('b.log'), 'text');
    expect(await hands.gzip(at('a.log'))).toBe(at('a.log.gz'));
    await expect(hands.gzip(at('b.log'))).rejects.toMatchObject({ code: 'EEXIST' });
    expect(readFileSync(at('victim'), 'utf8')).toBe('precious');
    expect(lstatSync(at('a.log.gz')).isFile()).toBe(true);
    expect(gunzipSync(readFileSync(at('a.log.gz'))).toString()).toBe('text');
    expect(readFileSync(at('b.log'), 'utf8')).toBe('text');
  });

  it('has the archive and its folder on the disk before the original goes', async () => {
    writeFileSync(at('a.log'), 'text');
    const file = await open(at('a.log'));
    const handle: FileHandle = Object.getPrototypeOf(file);
    await file.close();
    const synced: string[][] = [];
    const { sync } = handle;
    const spy = vi.spyOn(handle, 'sync').mockImplementation(async function (this: FileHandle) {
      synced.push(readdirSync(folder).map((name) => name.replace(/\.[0-9a-f]{12}\./, '.')));
      await sync.call(this);
    });
    onTestFinished(() => spy.mockRestore());
    await hands.gzip(at('a.log'));
    expect(synced.map((names) => names.sort())).toEqual([
      ['a.log', 'a.log.gz.new'],
      ['a.log', 'a.log.gz'],
    ]);
  });

  it('leaves the original when that grew meanwhile', async () => {
    writeFileSync(at('a.log'), Buffer.alloc(8_000_000, 'x'));
    const timer = setInterval(() => appendFileSync(at('a.log'), 'one more line\n'), 1);
    const outcome = await hands.gzip(at('a.log')).catch((error: unknown) => String(error));
    clearInterval(timer);
    expect(outcome).toContain('changed while');
    expect(readdirSync(folder)).toEqual(['a.log']);
  });
});

describe('renaming and removing', () => {
  it('never lands on another file', async () => {
    writeFileSync(at('a'), 'a');
    writeFileSync(at('b'), 'b');
    await expect(hands.rename(at('a'), at('b'))).rejects.toMatchObject({ code: 'EEXIST' });
    await hands.rename(at('a'), at('c'));
    expect(readFileSync(at('c'), 'utf8')).toBe('a');
  });

  it('takes a link for what it is, and no folder', async () => {
    writeFileSync(at('a'), 'a');
    symlinkSync(at('a'), at('link'));
    await hands.remove(at('link'));
    expect(existsSync(at('a'))).toBe(true);
    await expect(hands.remove(folder)).rejects.toThrow();
    await hands.makeFolder(at('x/y'));
    expect(lstatSync(at('x/y')).mode & 0o777).toBe(0o700);
  });
});

describe('a dry run', () => {
  it('writes down what would be done, as a person would type it, and does nothing', async () => {
    const said: string[] = [];
    const dry = createHands({ dryRun: true, home: folder, say: (line) => said.push(line) });
    writeFileSync(at('a.log'), 'a');
    const web = await startProgram('sleep', ['60'], { ready: false });
    const facts = await readProcess(web.pid);
    if (facts === undefined) throw new Error('not there');
    const logFile = at('web.log');
    const argv = ['node', 'my app.js'];
    expect(await dry.stopProcess(facts, { graceMs: 10_000, group: false })).toBe('stopped');
    expect(lookAt(facts)).toBe('alive');
    await web.stop();
    expect(await dry.stopProcess(facts, { graceMs: 10_000, group: false })).toBe('was-gone');
    expect(await dry.startService({ name: 'w', argv, cwd: folder, env: {}, logFile, settleMs: 1 })).toMatchObject({
      via: 'dry-run',
    });
    expect((await dry.exec(['touch', at('x')])).ok).toBe(true);
    await dry.rename(at('a.log'), at('b.log'));
    await dry.remove(at('a.log'));
    await dry.makeFolder(at('new'));
    expect(await dry.gzip(at('a.log'))).toBe(at('a.log.gz'));
    expect(readdirSync(folder)).toEqual(['a.log']);
    expect(dry.planned).toEqual([
      `kill -TERM ${facts.pid} (${facts.command}), then -KILL after 10 s`,
      `process ${facts.pid} has gone`,
      `cd ${folder} && node 'my app.js' >> ${logFile} 2>&1 &`,
      `touch ${at('x')}`,
      `mv -n ${at('a.log')} ${at('b.log')}`,
      `rm ${at('a.log')}`,
      `mkdir -p -m 700 ${at('new')}`,
      `gzip ${at('a.log')}`,
    ]);
    expect(said).toEqual(dry.planned);
  });

  it('refuses what the real one refuses', async () => {
    const dry = createHands({ dryRun: true, home: folder });
    expect(await dry.stopProcess({ pid: 1, startToken: '' }, { graceMs: 0, group: false })).toBe('not-allowed');
    expect(dry.planned).toEqual(['process 1 must not be ended']);
  });
});
