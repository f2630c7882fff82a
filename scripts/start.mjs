// `npm start`, `npm stop`, `npm run status`: builds when sources are newer than dist/, then becomes the program itself.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const built = join(root, 'dist', 'cli.js');
const sources = ['src', 'checks', 'actions', 'dashboard', 'scripts', 'package.json', 'package-lock.json'];

/** Newest change below a path, ms since 1970; folders count, so that a removed file is seen too. */
function newestAt(path) {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return 0;
  if (!found.isDirectory()) return found.mtimeMs;
  return readdirSync(path).reduce((newest, name) => Math.max(newest, newestAt(join(path, name))), found.mtimeMs);
}

/** Runs Node with our terminal and ends like it when it fails. */
function run(args) {
  const { status, error } = spawnSync(process.execPath, args, { stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 70);
}

const builtAt = statSync(built, { throwIfNoEntry: false })?.mtimeMs ?? 0;
if (sources.some((name) => newestAt(join(root, name)) > builtAt)) {
  if (!existsSync(join(root, 'node_modules', 'esbuild'))) {
    process.stderr.write('The program is not built and the build tools are missing. next: npm ci --include=dev\n');
    process.exit(70);
  }
  run(['--import', join(root, 'scripts/ts.mjs'), join(root, 'scripts/build.ts')]);
}
run([join(root, 'bin/jarvis-health.js'), ...process.argv.slice(2)]);
