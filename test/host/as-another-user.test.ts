import { execFile } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';
import { readProcess } from '../../src/host/processes.ts';
import { startFixture } from '../fixtures/start.ts';

const NOBODY = 65_534;
const unable = process.getuid?.() !== 0 || process.platform !== 'linux';
const folder = mkdtempSync(join(tmpdir(), 'jh-nobody-'));
chmodSync(folder, 0o755);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs an expression as the user nobody, with everything of src/host that it needs in scope, and gives its value. */
async function asNobody(expression: string): Promise<unknown> {
  const host = fileURLToPath(new URL('../../src/host/', import.meta.url));
  const contents = `
    import { cleanDisk } from '../../actions/clean-disk.ts';
    import { rotateLog } from '../../actions/rotate-log.ts';
    import { createHands } from './hands.ts';
    import { findHolders } from './holders.ts';
    import { holdersOf } from './ports.ts';
    import { lookAt, readProcess, serviceMark } from './processes.ts';
    import { stopProcess } from './stop-process.ts';
    import { findVictims } from './stop-service.ts';
    const home = '/nowhere';
    const hands = createHands({ dryRun: false, home });
    const signal = new AbortController().signal;
    const context = { target: 'x', reason: 'over-limit', tracked: undefined, hands, signal, nowMs: 4e12, home };
    console.log(JSON.stringify({ value: await (${expression}) }));`;
  const outfile = join(folder, 'program.mjs');
  const stdin = { contents, resolveDir: host, loader: 'ts' as const };
  await build({ stdin, outfile, bundle: true, platform: 'node', format: 'esm', logLevel: 'error' });
  const { stdout } = await promisify(execFile)(process.execPath, [outfile], { uid: NOBODY, gid: NOBODY, cwd: folder });
  return (JSON.parse(stdout) as { value: unknown }).value;
}

describe.skipIf(unable)('another user (SKIPPED unless root on Linux)', () => {
  it('sees that a process lives and cannot end it', async () => {
    const web = await startFixture('web.mjs', [], { env: { ...process.env, JARVIS_HEALTH_SERVICE: 'web' } });
    const facts = await readProcess(web.pid);
    const identity = JSON.stringify({ pid: web.pid, startToken: facts?.startToken });
    const seen = await asNobody(`Promise.all([
      lookAt(${identity}),
      stopProcess(${identity}, { graceMs: 0, group: true }),
      serviceMark(${web.pid}).then((mark) => mark ?? 'none'),
      holdersOf(${web.port}),
      readProcess(${web.pid}),
    ])`);
    expect(seen).toMatchObject([
      'alive',
      'not-allowed',
      'none',
      [{ address: '127.0.0.1', port: web.port, command: '' }],
      { pid: web.pid, uid: 0, command: facts?.command },
    ]);
    expect(JSON.stringify(seen)).not.toContain('"cwd"'); // not shown to others
    expect(web.child.signalCode).toBeNull();
    await web.stop();
  });

  it('does not claim that nobody holds a file that others may write', async () => {
    const file = join(folder, 'shared.log');
    writeFileSync(file, 'x');
    chmodSync(file, 0o666);
    expect(await asNobody(`findHolders(${JSON.stringify(file)})`)).toBe('cannot-see');
    const own = join(folder, 'own.log');
    writeFileSync(own, 'x', { mode: 0o600 });
    chownSync(own, NOBODY, NOBODY);
    expect(await asNobody(`findHolders(${JSON.stringify(own)})`)).toEqual([]);
  });

  it('rotates and removes nothing that a program not shown to it may have open', async () => {
    const open = mkdtempSync(join(folder, 'open-'));
    chmodSync(open, 0o777);
    const file = join(open, 'app.log');
    writeFileSync(file, 'x'.repeat(100));
    chmodSync(file, 0o666);
    const rule = JSON.stringify({ folder: open, match: '*.log', olderThanMs: 1_000 });
    const rotation = JSON.stringify({ match: file, maxBytes: 10, keep: 3, compress: 'none' });
    const seen = await asNobody(`Promise.all([
      cleanDisk.run({ path: '/', rules: [${rule}] }, context),
      rotateLog.run(${rotation}, context),
    ])`);
    expect(seen).toMatchObject([
      { outcome: 'nothing', did: [expect.stringContaining('1 that a program of another user may have open')] },
      { outcome: 'refused', trouble: { code: 'LOG_HOLDERS_UNSEEN' } },
    ]);
    expect(readdirSync(open)).toEqual(['app.log']);
  });

  it('ends and starts nothing while somebody who is not shown to it holds the port', async () => {
    const web = await startFixture('web.mjs');
    const query = JSON.stringify({ service: 'web', argv: ['web'], port: web.port, home: '/nowhere' });
    expect(await asNobody(`findVictims(${query}, undefined)`)).toMatchObject({ refusal: { code: 'PORT_HELD' } });
    await web.stop();
  });
});
