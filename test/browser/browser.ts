import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
/** Where this machine's Chromium is; the tests say so in their title when there is none. */
export const chromiumPath = [process.env['CHROMIUM'] ?? '', ...PLACES].find((path) => path !== '' && existsSync(path));
export const whySkipped = chromiumPath === undefined ? ' (SKIPPED: no Chromium here; install it or set CHROMIUM)' : '';

export async function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath ?? '',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** A folder with a page in it, as the daemon leaves it. */
export type Folder = {
  readonly folder: string;
  /** The address a person opens. */
  readonly address: string;
  /** Replaces a file by rename, as the page writer does. */
  readonly put: (file: string, text: string) => Promise<void>;
  readonly drop: (file: string) => Promise<void>;
  readonly clear: () => Promise<void>;
};

export async function layFolder(): Promise<Folder> {
  const folder = await mkdtemp(join(tmpdir(), 'page-desk-'));
  return {
    folder,
    address: pathToFileURL(join(folder, 'health.html')).href,
    put: async (file, text) => {
      await writeFile(join(folder, `${file}.tmp`), text);
      await rename(join(folder, `${file}.tmp`), join(folder, file));
    },
    drop: (file) => rm(join(folder, file)),
    clear: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Until then only the verdict is drawn, by a clock that stands still. */
export const FIRST_MS = 200;

/** The folder, and the Chromium that looks at it. */
export type Desk = Folder & {
  /** Opens health.html from disk. `at`: the page's clock stands there and is moved by hand. */
  readonly open: (options?: BrowserContextOptions & { at?: number }) => Promise<Page>;
};

export async function layDesk(browser: Browser): Promise<Desk> {
  const laid = await layFolder();
  const pages: Page[] = [];
  return {
    ...laid,
    open: async ({ at, ...options } = {}) => {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
      const page = await context.newPage();
      pages.push(page);
      if (at !== undefined) {
        // Installed a little earlier: a clock is only ever moved forward.
        await page.clock.install({ time: at - 60_000 });
        await page.clock.pauseAt(at - FIRST_MS);
      }
      await page.goto(laid.address);
      if (at !== undefined) await page.clock.runFor(FIRST_MS);
      return page;
    },
    clear: async () => {
      await Promise.all(pages.map((page) => page.context().close()));
      await laid.clear();
    },
  };
}
