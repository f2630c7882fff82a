import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tellingLines } from '../../src/core/classify/telling.ts';
import { type Classified, classify } from '../../src/core/classify.ts';

/** Each program really runs and ends; what it prints is what counts, whatever version of it is here. */
describe('the real words of', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'jh-words-'));
    writeFileSync(join(folder, 'damaged.db'), `SQLite format 3\0${'x'.repeat(5_000)}`, 'latin1');
    writeFileSync(join(folder, 'other.ts'), 'const a: number = 1;');
    writeFileSync(join(folder, 'list.json'), '{"a":');
    writeFileSync(join(folder, 'old.sh'), '#!/no/such/interpreter\n');
    writeFileSync(join(folder, 'plain'), 'not a program');
    chmodSync(join(folder, 'old.sh'), 0o755);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function said(program: string, args: readonly string[]): Classified {
    const { status, signal, stdout, stderr, error } = spawnSync(program, args, {
      cwd: folder,
      encoding: 'utf8',
      timeout: 20_000,
      env: { ...process.env, LC_ALL: 'C', NODE_OPTIONS: '' },
    });
    if (error !== undefined) throw error;
    const lines = tellingLines(`${stdout}${stderr}`.split('\n').filter((line) => line.trim() !== ''));
    return classify({
      reason: 'gone',
      message: 'gone',
      exit: { exitCode: status ?? undefined, signal: signal ?? undefined, lastLines: lines },
    });
  }
  const node = (code: string) => said(process.execPath, ['-e', code]);
  // Not the shim that a version manager puts in its place: that costs more than Python itself.
  const python3 = spawnSync('python3', ['-c', 'import sqlite3, sys; print(sys.executable)'], {
    encoding: 'utf8',
  }).stdout?.trim();
  const python = (code: string) => said(python3, ['-c', code]);

  test('Node: a module that is not there', () => {
    const { class: kind, because } = said(process.execPath, ['nowhere.js']);
    expect(kind).toBe('dependency-missing');
    expect(because[0]).toBe('It ended with exit status 1.');
    expect(because[1]).toMatch(/^It last said: Error: Cannot find module '.*nowhere\.js'$/);
  });

  test('Node: a held port, a command that is not there, a flag of another version, and a file of its own that is cut off', () => {
    const busy =
      "const s = require('http').createServer().listen(0, '127.0.0.1', () => require('http').createServer().listen(s.address().port, '127.0.0.1'))";
    const { class: kind, because } = node(busy);
    expect(kind).toBe('port-conflict');
    expect(because[1]).toMatch(/^It last said: Error: listen EADDRINUSE: address already in use/);
    expect(node("require('child_process').spawn('/no/such/program')")).toMatchObject({ class: 'dependency-missing' });
    expect(said(process.execPath, ['--no-such-flag'])).toMatchObject({ class: 'wrong-runtime' });
    expect(node("require('./list.json')")).toMatchObject({ class: 'data-corruption' });
    expect(node('null.x')).toMatchObject({ class: 'crashed' });
  });

  test.skipIf(!python3)('Python and SQLite (SKIPPED without python3)', () => {
    expect(python('import no_such_module')).toMatchObject({ class: 'dependency-missing' });
    expect(python('from os import no_such_name')).toMatchObject({ class: 'dependency-missing' });
    expect(said(python3, ['nowhere.py'])).toMatchObject({ class: 'dependency-missing' });
    const busy =
      "import socket\na = socket.socket(); a.bind(('127.0.0.1', 0)); a.listen()\nb = socket.socket(); b.bind(a.getsockname())";
    expect(python(busy)).toMatchObject({ class: 'port-conflict' });
    const open = (file: string) =>
      python(`import sqlite3\nsqlite3.connect('${file}').execute('select * from sqlite_master').fetchall()`);
    expect(open('damaged.db')).toMatchObject({ class: 'data-corruption' });
    expect(open('plain')).toMatchObject({ class: 'data-corruption' });
    expect(python("open('/dev/full', 'w', buffering=1).write('x' * 9999 + '\\\\n')")).toMatchObject({
      class: process.platform === 'linux' ? 'disk-full' : 'permission',
    });
    expect(python('1 / 0')).toMatchObject({ class: 'crashed' });
  });

  test('a shell', () => {
    expect(said('sh', ['-c', 'no-such-command --now'])).toMatchObject({ class: 'dependency-missing' });
    expect(said('sh', ['-c', './plain'])).toMatchObject({ class: 'permission' });
    expect(said('sh', ['-c', 'kill -SEGV $$'])).toMatchObject({ class: 'crashed' });
  });
});
