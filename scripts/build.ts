import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { build as bundle } from 'esbuild';
import { writePageTemplate } from './build-page.ts';
import { hostClock } from './host-clock.ts';
import { lazyPackages } from './lazy-packages.ts';
import { root } from './root.ts';

/**
 * Bundles the program into `dist/`: one small entry, and one chunk for each thing a command loads only when it needs it.
 * Bundled because reading hundreds of small files is most of a command's start-up (docs/comparison.md has the figures).
 * Identifiers stay whole, so that a stack trace names our functions. Returns the files written; writes none on an error.
 */
async function buildProgram(outFolder: string): Promise<readonly string[]> {
  const { metafile } = await bundle({
    metafile: true,
    absWorkingDir: root,
    entryPoints: { cli: 'src/cli/main.ts' },
    outdir: outFolder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    chunkNames: 'chunks/[name]-[hash]',
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    // CommonJS packages inside an ES module still call require() for Node's own modules.
    banner: { js: "import{createRequire as requireFrom}from'node:module';const require=requireFrom(import.meta.url);" },
    // Optional native or development parts these packages ask for inside try/catch.
    external: ['osx-temperature-sensor', 'macos-temperature-sensor', 'pino-pretty'],
    // pino-roll asks for it to roll by date; we roll by size, and it is two thirds of what would be loaded.
    alias: { 'date-fns': './scripts/no-date-fns.cjs' },
    plugins: [lazyPackages, hostClock],
    // Its errors are thrown below and printed once.
    logLevel: 'silent',
  });
  return Object.keys(metafile.outputs).map((path) => join(root, path));
}

/** A plain `status` is one CommonJS file: it must not wait for a module loader, a parser or a second file (bin/jarvis-health.js). */
async function buildStatus(outFolder: string): Promise<readonly string[]> {
  const { metafile } = await bundle({
    metafile: true,
    absWorkingDir: root,
    entryPoints: { status: 'src/cli/quick.ts' },
    outdir: outFolder,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    logLevel: 'silent',
  });
  return Object.keys(metafile.outputs).map((path) => join(root, path));
}

/**
 * Takes away what earlier builds left. A daemon that still runs from one loads its chunks when it first needs them, so
 * they stay for a week; `all` takes everything, for a package.
 */
async function sweep(written: readonly string[], all: boolean): Promise<void> {
  const names = await readdir(dist, { recursive: true, withFileTypes: true }).catch(() => []);
  const oldest = performance.timeOrigin - 7 * 24 * 60 * 60 * 1000;
  for (const name of names) {
    const path = join(name.parentPath, name.name);
    if (!name.isFile() || written.includes(path)) continue;
    if (all || (await stat(path)).mtimeMs < oldest) await rm(path, { force: true });
  }
}

const dist = join(root, 'dist');
try {
  const written = [...(await buildProgram(dist)), ...(await buildStatus(dist))];
  await sweep(written, process.argv.includes('--clean'));
  const { page } = await writePageTemplate(root);
  const sizes = await Promise.all(written.map(async (path) => (await stat(path)).size));
  const program = sizes.reduce((sum, size) => sum + size, 0);
  process.stdout.write(`built dist/: program ${Math.round(program / 1024)} KiB, page ${Math.round(page / 1024)} KiB\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
