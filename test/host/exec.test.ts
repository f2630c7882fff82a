import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { exec } from '../../src/host/exec.ts';
import { until } from '../fixtures/start.ts';

const folder = mkdtempSync(join(tmpdir(), 'jh-exec-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const node = process.execPath;
const sh = (script: string) => ['sh', '-c', script];

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT'; // no /proc: signal 0 said it lives
  }
}

const pidIn = (file: string) =>
  until(() => existsSync(join(folder, file)) && (Number(readFileSync(join(folder, file), 'utf8')) || undefined));

describe('a command', () => {
  it('gives what it printed and its status', async () => {
    expect(await exec(sh('echo out; echo err >&2'))).toEqual({
      ...{ ok: true, exitCode: 0, signal: undefined, timedOut: false, stdout: 'out\n', stderr: 'err\n' },
    });
  });

  it('that fails says how, and with which last words', async () => {
    const outcome = await exec(sh('echo fine; echo "no such table" >&2; exit 7'));
    expect(outcome).toMatchObject({ ok: false, exitCode: 7, timedOut: false });
    expect(outcome.trouble?.code).toBe('EXEC_FAILED');
    expect(outcome.trouble?.message).toContain('status 7');
    expect(outcome.trouble?.hint).toContain('no such table');
  });

  it('gets its words as they are: no shell is between', async () => {
    const words = ['$HOME', '`id`', '; echo x', '*', "it's", 'a\nb', ''];
    const outcome = await exec(['printf', '<%s>', ...words]);
    expect(outcome.stdout).toBe(words.map((word) => `<${word}>`).join(''));
  });

  it.each([
    [['no-such-program-here'], 'EXEC_NOT_FOUND'],
    [['./no-such-script'], 'EXEC_NOT_FOUND'],
    [[], 'EXEC_NOT_POSSIBLE'],
    [[''], 'EXEC_NOT_POSSIBLE'],
  ])('that cannot be run is a trouble and no exception: %j', async (argv, code) => {
    const outcome = await exec(argv);
    expect(outcome.ok).toBe(false);
    expect(outcome.trouble?.code).toBe(code);
    expect(outcome.trouble?.hint).not.toBe('');
  });

  it('in a folder that is not there, or without the right to run, is a trouble too', async () => {
    expect((await exec(['true'], { cwd: join(folder, 'none') })).trouble?.message).toContain('none does not exist');
    const script = join(folder, 'script');
    writeFileSync(script, '#!/no/such/interpreter\n', { mode: 0o755 });
    expect((await exec([script])).trouble?.code).toBe('EXEC_NOT_POSSIBLE');
    writeFileSync(join(folder, 'plain'), 'x', { mode: 0o644 });
    expect((await exec([join(folder, 'plain')])).trouble?.code).toBe('EXEC_NOT_FOUND');
  });

  it('keeps the end of a long output, whole characters only', async () => {
    const outcome = await exec([node, '-e', "process.stdout.write('é'.repeat(500000) + 'the end')"], {
      maxBytes: 1_000,
    });
    expect(outcome.ok).toBe(true);
    expect(Buffer.byteLength(outcome.stdout)).toBeLessThanOrEqual(1_000);
    expect(outcome.stdout).toMatch(/^é+the end$/);
  });

  it('runs without what speaks of the daemon, and with what it was given', async () => {
    process.env['NOTIFY_SOCKET'] = '/run/x';
    const outcome = await exec(sh('echo "[$NOTIFY_SOCKET][$EXTRA]"'), { env: { EXTRA: '1' } });
    delete process.env['NOTIFY_SOCKET'];
    expect(outcome.stdout).toBe('[][1]\n');
  });
});

// Side by side: each of them mostly waits.
describe.concurrent('the deadline', () => {
  it('ends the command and all it started, also what ignores TERM', async () => {
    const script = `echo $$ > "$0/first"; (trap "" TERM; echo $BASHPID > "$0/second"; while :; do sleep 0.1; done) & sleep 60`;
    const outcome = await exec(['bash', '-c', script, folder], { timeoutMs: 200, killAfterMs: 200 });
    expect(outcome).toMatchObject({ ok: false, timedOut: true });
    expect(outcome.trouble?.code).toBe('EXEC_TIMED_OUT');
    expect(runs(await pidIn('first'))).toBe(false);
    expect(runs(await pidIn('second'))).toBe(false);
  });

  it.skipIf(process.platform !== 'linux')(
    'reaches a child that went into a session of its own (SKIPPED off Linux: no setsid)',
    async () => {
      await exec(sh(`setsid sh -c 'echo $$ > ${folder}/far; exec sleep 60' & sleep 60`), { timeoutMs: 200 });
      expect(runs(await pidIn('far'))).toBe(false);
    },
  );

  it('may come early by a signal', async () => {
    const controller = new AbortController();
    const outcome = exec(sh(`echo $$ > ${folder}/aborted; exec sleep 60`), { signal: controller.signal });
    const pid = await pidIn('aborted');
    controller.abort();
    expect(await outcome).toMatchObject({ ok: false, timedOut: false, signal: 'SIGTERM' });
    expect(runs(pid)).toBe(false);
    expect((await exec(['true'], { signal: AbortSignal.abort() })).ok).toBe(false);
  });

  it('is not waited for when the command has ended and left a process behind that holds its output', async () => {
    const outcome = await exec(sh(`sleep 60 & echo $! > ${folder}/left; echo done`), { timeoutMs: 30_000 });
    expect(outcome).toMatchObject({ ok: true, stdout: 'done\n' });
    const pid = await pidIn('left');
    expect(runs(pid)).toBe(true); // it may be a service
    process.kill(pid, 'SIGKILL');
  });
});
