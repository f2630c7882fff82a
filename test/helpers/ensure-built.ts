import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Vitest's global setup: the tests that run the real program run what the sources say now. */
export default function setup(): void {
  const script = join(import.meta.dirname, '../../scripts/built.mjs');
  const code = `const { ensureBuilt } = await import(${JSON.stringify(script)}); process.exit(ensureBuilt());`;
  const { status } = spawnSync(process.execPath, ['--input-type=module', '-e', code], { stdio: 'inherit' });
  if (status !== 0) throw new Error('the program could not be built');
}
