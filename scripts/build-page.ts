import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { weakPairs } from '../dashboard/contrast.ts';
import { frame } from '../dashboard/frame.ts';
import { tokensCss } from '../dashboard/tokens.ts';
import { HISTORY_PLACE, SNAPSHOT_PLACE } from '../src/page/render.ts';

/** The page's budget in bytes (DASHBOARD.md §13). */
export const PAGE_BUDGET = { page: 120_000, pageGzip: 40_000, script: 80_000, style: 20_000 } as const;
/** The last two years of the three engines; `light-dark()` and nested text layout need no less. */
const ENGINES = ['chrome125', 'firefox127', 'safari17.5'];

export type PageSizes = Readonly<Record<keyof typeof PAGE_BUDGET, number>>;

/**
 * Makes the template of health.html: one file, everything inlined, scripts and style allowed by their hash alone.
 * `root` is the repository. Throws when a colour pair is too weak or a size is over budget.
 */
export async function buildPage(root: string): Promise<{ readonly html: string; readonly sizes: PageSizes }> {
  const weak = weakPairs();
  if (weak.length > 0) throw new Error(`contrast is too weak:\n${weak.join('\n')}`);
  const house = join(root, 'dashboard');
  const [first, main, rules] = await Promise.all([
    bundle(join(house, 'first-paint.ts')),
    bundle(join(house, 'main.tsx')),
    bundle(join(house, 'style', 'page.css')),
  ]);
  const style = tokensCss() + rules;
  const html = frame({
    policy: policy([first, main], style),
    first,
    main,
    style,
    snapshot: SNAPSHOT_PLACE,
    history: HISTORY_PLACE,
  });
  const sizes = {
    page: Buffer.byteLength(html),
    pageGzip: gzipSync(html).length,
    script: Buffer.byteLength(first) + Buffer.byteLength(main),
    style: Buffer.byteLength(style),
  };
  const over = (Object.keys(PAGE_BUDGET) as (keyof PageSizes)[]).filter((name) => sizes[name] > PAGE_BUDGET[name]);
  if (over.length > 0)
    throw new Error(`over budget: ${over.map((name) => `${name} ${sizes[name]} of ${PAGE_BUDGET[name]}`).join(', ')}`);
  return { html, sizes };
}

/** Builds and writes `dist/page.html`. */
export async function writePageTemplate(root: string): Promise<PageSizes> {
  const { html, sizes } = await buildPage(root);
  const file = join(root, 'dist', 'page.html');
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, html);
  return sizes;
}

async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: ENGINES,
    jsx: 'automatic',
    jsxImportSource: 'preact',
    charset: 'ascii',
    legalComments: 'none',
    logLevel: 'silent',
  });
  const text = outputFiles?.[0]?.text.trim() ?? '';
  // Nothing in an inlined part may end the element it stands in, or open a comment that hides its end.
  if (/<\/(script|style)|<!--/i.test(text)) throw new Error(`${entry} contains a closing tag or a comment`);
  return text;
}

function policy(scripts: readonly string[], style: string): string {
  const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  return [
    "default-src 'none'",
    // 'self' when served, file: from disk: both only for the two files beside it, whose addresses the trusted type allows alone.
    `script-src ${scripts.map(hash).join(' ')} 'self' file:`,
    `style-src ${hash(style)}`,
    'img-src data:',
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types jarvis-health-data',
  ].join('; ');
}
