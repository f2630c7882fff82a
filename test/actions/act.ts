import { createHash } from 'node:crypto';
import { lstat, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ActionContext } from '../../src/action.ts';
import { createHands } from '../../src/host/hands.ts';
import { lookAt, readProcess } from '../../src/host/processes.ts';

/** Real hands, with a home folder in `root` and what the test wants to say about the attempt. */
export function context(
  root: string,
  over: Partial<ActionContext> & { readonly dryRun?: boolean } = {},
): ActionContext {
  const { dryRun = false, ...rest } = over;
  const home = join(root, 'jarvis-health');
  return {
    target: 'web',
    reason: 'gone',
    tracked: undefined,
    hands: createHands({ dryRun, home }),
    signal: new AbortController().signal,
    nowMs: Date.parse('2026-02-03T04:05:06Z'),
    home,
    ...rest,
  };
}

/** A folder that is gone when the test has ended. */
export async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'jarvis-health-test-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** Everything below a folder, by path, with what would show any change. */
export async function photograph(root: string): Promise<Record<string, string>> {
  const seen: Record<string, string> = {};
  for (const name of await readdir(root, { recursive: true })) {
    const path = join(root, name);
    const stat = await lstat(path);
    const content = stat.isFile()
      ? createHash('sha256')
          .update(await readFile(path))
          .digest('hex')
      : '';
    seen[name] = `${stat.ino} ${stat.mode} ${stat.isDirectory() ? '' : stat.mtimeMs} ${content}`;
  }
  return seen;
}

/** Ends a process that an action started, when the test has ended; only exactly that one. */
export function endLater(process: { readonly pid: number; readonly startToken: string }): void {
  onTestFinished(() => {
    if (lookAt(process) !== 'gone') globalThis.process.kill(process.pid, 'SIGKILL');
  });
}

export async function identityOf(pid: number) {
  const facts = await readProcess(pid);
  if (facts === undefined) throw new Error(`process ${pid} is not there`);
  return facts;
}
