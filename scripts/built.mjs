// Builds when sources are newer than dist/; used by `npm start` and by the tests that run the real program.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const built = join(root, 'dist', 'cli.js');
const sources = ['src', 'checks', 'actions', 'dashboard', 'scripts', 'package.json', 'package-lock.json'];

/** Newest change below a path, ms since 1970; folders count, so that a removed file is seen too. */
function newestAt(path) {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return 0;
  if (!found.isDirectory()) return found.mtimeMs;
  return readdirSync(path).reduce((newest, name) => Math.max(newest, newestAt(join(path, name))), found.mtimeMs);
}

/** Runs Node with our terminal; the exit code of what it ran. */
export function run(args) {
  const { status, error } = spawnSync(process.execPath, args, { stdio: 'inherit' });
  if (error) throw error;
  return status ?? 70;
}

/** 0 when dist/ is as new as its sources, else the exit code of the build. */
export function ensureBuilt() {
  const builtAt = statSync(built, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (!sources.some((name) => newestAt(join(root, name)) > builtAt)) return 0;
  if (!existsSync(join(root, 'node_modules', 'esbuild'))) {
    process.stderr.write('The program is not built and the build tools are missing. next: npm ci --include=dev\n');
    return 70;
  }
  return run(['--import', join(root, 'scripts/ts.mjs'), join(root, 'scripts/build.ts')]);
}
