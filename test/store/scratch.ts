import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { onTestFinished } from 'vitest';

/** A new folder that is gone when the test ends. */
export function scratch(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'jh-store-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Mounts a small file system at `folder`, until the test ends. */
export function mounted(folder: string, argv: readonly string[]): void {
  execFileSync('mount', [...argv, folder]);
  onTestFinished(() => {
    execFileSync('umount', ['-l', folder]);
  });
}

/** Why small file systems cannot be mounted here, or '' when they can. */
export const cannotMount = ((): string => {
  if (process.platform !== 'linux') return ' (SKIPPED: needs Linux)';
  if (process.geteuid?.() !== 0) return ' (SKIPPED: mounting needs root)';
  const folder = mkdtempSync(join(tmpdir(), 'jh-store-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], { stdio: 'ignore' });
    execFileSync('umount', [folder], { stdio: 'ignore' });
    return '';
  } catch {
    return ' (SKIPPED: this container may not mount)';
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
})();

/** Bundles a program of this folder, so that any Node runs it at full speed. Returns the script's path. */
export function bundled(program: string, folder: string): string {
  const outfile = join(folder, `${program}.mjs`);
  buildSync({
    entryPoints: [join(import.meta.dirname, `${program}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
  });
  return outfile;
}
