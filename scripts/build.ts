import { existsSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build as bundle } from 'esbuild';
import { lazyPackages } from './lazy-packages.ts';
import { root } from './root.ts';

/**
 * Bundles the program into `dist/`: one small entry, and one chunk for each thing a command loads only when it needs it.
 * Bundled because reading hundreds of small files is most of a command's start-up (docs/comparison.md has the figures).
 * `keepNames` is off and identifiers stay whole: stack traces keep the names of our functions at 1–2 ms of parse time.
 */
export async function buildProgram(outFolder: string): Promise<void> {
  await bundle({
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
    plugins: [lazyPackages],
    logLevel: 'warning',
  });
}

/** The page is one self-contained file; its own script knows how to make it. */
async function buildPage(): Promise<void> {
  const script = join(root, 'scripts/build-page.ts');
  if (existsSync(script)) await import(pathToFileURL(script).href);
}

async function sizeOf(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true });
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

const dist = join(root, 'dist');
await rm(dist, { recursive: true, force: true });
await buildProgram(dist);
await buildPage();
process.stdout.write(`built dist/ (${Math.round((await sizeOf(dist)) / 1024)} KiB)\n`);
