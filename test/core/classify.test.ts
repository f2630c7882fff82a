import { describe, expect, test } from 'vitest';
import { spokenIn } from '../../src/core/classify/last-words.ts';
import { tellingLines } from '../../src/core/classify/telling.ts';
import { classify, type End, type TroubleFacts } from '../../src/core/classify.ts';
import type { Reason } from '../../src/core/types.ts';

const ended = (exitCode: number | undefined, lastLines: readonly string[] = [], over: Partial<End> = {}): End => ({
  exitCode,
  signal: undefined,
  lastLines,
  ...over,
});
const gone = (facts: Partial<TroubleFacts>): TroubleFacts => ({ reason: 'gone', message: 'web is gone', ...facts });
const classOf = (facts: Partial<TroubleFacts>): string => classify(gone(facts)).class;

describe('the class of a trouble', () => {
  test.each<[Reason, string]>([
    ['silent', 'hung'],
    ['failing', 'failing'],
    ['wrong-answer', 'failing'],
    ['rate-limited', 'rate-limited'],
    ['slow', 'slow'],
    ['degraded', 'degraded'],
    ['foreign', 'port-conflict'],
    ['cannot-look', 'unclear'],
    ['unmatched', 'unclear'],
    ['over-limit', 'over-limit'],
  ])('is what the look saw while it is %s, whatever was said before: %s', (reason, wanted) => {
    const exit = ended(1, ['Error: EADDRINUSE']);
    expect(classify({ reason, message: 'as seen', exit })).toEqual({ class: wanted, because: ['as seen'] });
  });

  test.each<[Reason, string]>([
    ['gone', 'crashed'],
    ['absent', 'not-running'],
    ['refused', 'unreachable'],
    ['unstable', 'unstable'],
  ])('is what the look saw while nobody knows how it ended: %s', (reason, wanted) => {
    expect(classify({ reason, message: 'as seen' })).toEqual({ class: wanted, because: ['as seen'] });
  });

  test('always has evidence', () => {
    expect(classify({ reason: 'gone', message: '' }).because).toEqual(['nothing more is known of it']);
  });

  test('is a crash where it ended and names no cause, with how and what it said', () => {
    expect(classify(gone({ exit: ended(7, ['half way', 'TypeError: x is not a function']) }))).toEqual({
      class: 'crashed',
      because: ['It ended with exit status 7.', 'It last said: TypeError: x is not a function'],
    });
    expect(classify(gone({ exit: ended(undefined, [], { signal: 'SIGSEGV' }) })).because).toEqual([
      'It was ended by SIGSEGV.',
    ]);
    expect(classify({ reason: 'unstable', message: 'again', exit: ended(1) }).class).toBe('unstable');
  });

  test('is memory only where somebody counted it, never by the signal alone', () => {
    const killed = ended(undefined, [], { signal: 'SIGKILL' });
    expect(classOf({ exit: killed })).toBe('crashed');
    expect(classOf({ exit: ended(137) })).toBe('crashed');
    expect(classify(gone({ exit: { ...killed, outOfMemory: 'The kernel said so.' } }))).toEqual({
      class: 'oom-killed',
      because: ['It was ended by SIGKILL.', 'The kernel said so.'],
    });
  });

  test('is a refused configuration with exit status 78, and with the words of clawdbot, which uses 1', () => {
    expect(classOf({ exit: ended(78, ['Error: EADDRINUSE']) })).toBe('refused-configuration');
    const blocked = 'Gateway start blocked: set gateway.mode=local (current: unset) or pass --allow-unconfigured.';
    expect(classOf({ exit: ended(1, [blocked]) })).toBe('refused-configuration');
    expect(classOf({ exit: ended(1, ['Invalid config at /home/ada/.clawdbot/clawdbot.json:']) })).toBe(
      'refused-configuration',
    );
  });

  test('is damaged data before everything else that it says', () => {
    const damaged = 'sqlite3.DatabaseError: database disk image is malformed';
    expect(classOf({ exit: ended(78, [damaged]) })).toBe('data-corruption');
    expect(classOf({ exit: ended(1, [damaged, 'Error: listen EADDRINUSE: address already in use :::80']) })).toBe(
      'data-corruption',
    );
  });

  test('is not what it talked about when a signal ended it, but for its own abort', () => {
    const said = ['error: Permission denied'];
    expect(classOf({ exit: ended(undefined, said, { signal: 'SIGTERM' }) })).toBe('crashed');
    expect(classOf({ exit: ended(undefined, said, { signal: 'SIGABRT' }) })).toBe('permission');
  });

  test('is what a shell says by its exit status alone', () => {
    expect(classOf({ exit: ended(127) })).toBe('dependency-missing');
    expect(classOf({ exit: ended(126) })).toBe('permission');
  });

  test('is a full disk where it ended by itself and there is no room, or where it says so', () => {
    const fullDisk = 'the disk of /srv is 100% full';
    expect(classify(gone({ fullDisk, exit: ended(1) }))).toEqual({
      class: 'disk-full',
      because: ['It ended with exit status 1.', 'the disk of /srv is 100% full.'],
    });
    expect(classOf({ fullDisk, exit: ended(0) })).toBe('crashed');
    expect(classOf({ fullDisk, exit: ended(undefined, [], { signal: 'SIGKILL' }) })).toBe('crashed');
    expect(classOf({ fullDisk, exit: ended(1, ['EADDRINUSE']) })).toBe('port-conflict');
    expect(classify({ reason: 'over-limit', message: 'full', usedPercent: 99 }).class).toBe('disk-full');
    expect(classify({ reason: 'over-limit', message: 'nearly', usedPercent: 98.9 }).class).toBe('over-limit');
  });

  test.each([
    ['START_NOT_FOUND', 'gunicorn was not found on PATH (/usr/bin).', 'dependency-missing'],
    ['START_NO_FOLDER', 'The folder /srv/web does not exist.', 'dependency-missing'],
    ['START_REFUSED', 'The system did not start /srv/run: ENOEXEC.', 'wrong-runtime'],
    ['START_REFUSED', 'The system did not start /srv/run: ENOENT.', 'wrong-runtime'],
    ['START_REFUSED', 'The system did not start /srv/run: EACCES.', 'permission'],
    ['START_REFUSED', 'The system did not start /srv/run: EAGAIN.', 'crashed'],
    ['PORT_HELD', 'Port 80 is held by nginx (pid 7).', 'port-conflict'],
    ['START_ENDED', 'web ended with status 1 at once.', 'crashed'],
  ])('is what hindered the newest start: %s %s', (code, message, wanted) => {
    expect(classOf({ trouble: { code, message }, exit: ended(1) })).toBe(wanted);
  });
});

describe('last words', () => {
  test.each([
    ['npm warn EBADENGINE Unsupported engine {', undefined],
    ['[warn] EACCES: the cache is not used', undefined],
    ['(node:7) Warning: permission denied for the cache', undefined],
    ['Error: ENOSPC: System limit for number of file watchers reached, watch /srv', undefined],
    ['SyntaxError: Unexpected token < in JSON at position 0', undefined],
    ['Error: ENOENT: no such file or directory, open /srv/list.txt', undefined],
    ['SyntaxError: /srv/config.json: Unexpected end of JSON input', undefined],
    ['SyntaxError: /srv/state.json: Unexpected end of JSON input', 'data-corruption'],
    ['FATAL: the journal is corrupt', 'data-corruption'],
    ['panic: corrupted database at page 7', 'data-corruption'],
    ['error: checksum mismatch in segment 3', 'data-corruption'],
    ['Error: SQLITE_CORRUPT: database disk image is malformed', 'data-corruption'],
    ['sqlite3.OperationalError: database or disk is full', 'disk-full'],
    ['OSError: [Errno 122] Disk quota exceeded', 'disk-full'],
    ['bind: Address already in use', 'port-conflict'],
    ['ERROR: for web  Port 3000 is already allocated', 'port-conflict'],
    ['openclaw requires Node >=22.12.0.', 'wrong-runtime'],
    ['error: requires python-dotenv', undefined],
    ['-bash: ./run: /usr/bin/python2: bad interpreter: No such file or directory', 'wrong-runtime'],
    ["run: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found (required by run)", 'wrong-runtime'],
    [
      './hub: error while loading shared libraries: libpq.so.5: cannot open shared object file: No such file or directory',
      'dependency-missing',
    ],
    ['web.service: Failed at step EXEC spawning /srv/web: No such file or directory', 'dependency-missing'],
    ['web.service: Failed at step EXEC spawning /srv/web: Permission denied', 'permission'],
    ['web.service: Failed at step EXEC spawning /srv/web: Exec format error', 'wrong-runtime'],
    ['Error: listen EACCES: permission denied 0.0.0.0:80', 'permission'],
  ])('%s', (line, wanted) => expect(spokenIn(['ready', line, 'bye'])?.class).toBe(wanted));

  test('of two causes count the last', () => {
    const lines = [
      'Error: Cannot find module sharp, going on without it',
      'OSError: [Errno 98] Address already in use',
    ];
    expect(spokenIn(lines)).toEqual({ class: 'port-conflict', line: lines[1] });
  });

  test('are quoted as a person can read them, and no longer than that', () => {
    const because = (lines: readonly string[]) => classify(gone({ exit: ended(1, lines) })).because[1];
    expect(because(['Error: Cannot find module /srv/a.js', "  code: 'MODULE_NOT_FOUND',"])).toBe(
      'It last said: Error: Cannot find module /srv/a.js',
    );
    expect(because(["  code: 'MODULE_NOT_FOUND',"])).toBe("It last said: code: 'MODULE_NOT_FOUND',");
    expect(because([`EADDRINUSE ${'x'.repeat(480)}`])).toHaveLength('It last said: '.length + 240);
  });

  test('that fill a screen are cut to those that tell', () => {
    const trace = Array.from({ length: 30 }, (_, index) => `    at step${index} (/srv/web.js:${index}:1)`);
    expect(tellingLines(['listening', 'Error: boom', ...trace, 'Node.js v20.20.2'])).toEqual([
      'listening',
      'Error: boom',
    ]);
    const many = ['EADDRINUSE', ...Array.from({ length: 9 }, (_, index) => `line ${index}`)];
    expect(tellingLines(many)).toEqual(['EADDRINUSE', 'line 5', 'line 6', 'line 7', 'line 8']);
    expect(tellingLines(['}', '}'])).toEqual(['}', '}']);
    expect(tellingLines([])).toEqual([]);
  });
});
