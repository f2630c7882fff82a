import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { LookContext } from '../../src/check.ts';

/** What a look is given, with what the test wants to say about it. */
export function context(over: Partial<LookContext> = {}): LookContext {
  return {
    signal: new AbortController().signal,
    timeoutMs: 5_000,
    tracked: undefined,
    steadyMs: 1_000_000,
    ...over,
  };
}

/** A folder that is gone when the test has ended. */
export async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'jarvis-health-test-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}
