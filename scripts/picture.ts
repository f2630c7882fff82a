import { join } from 'node:path';
import { chromiumPath, launchChromium, layDesk } from '../test/browser/browser.ts';
import { open, STATES } from '../test/browser/states.ts';
import { buildPage } from './build-page.ts';
import { root } from './root.ts';

// Takes docs/picture.png: the page as it is built, with a sample host in trouble. Needs Chromium.
//   node --import ./scripts/ts.mjs scripts/picture.ts

if (chromiumPath === undefined) {
  process.stderr.write('There is no Chromium here. next: install it, or set CHROMIUM to its path\n');
  process.exit(69);
}
const browser = await launchChromium();
const desk = await layDesk(browser);
try {
  const page = await open(desk, (await buildPage(root)).html, STATES.incident, {
    viewport: { width: 1200, height: 700 },
    colorScheme: 'light',
    reducedMotion: 'reduce',
  });
  await page.screenshot({ path: join(root, 'docs/picture.png'), fullPage: true });
  process.stdout.write('docs/picture.png\n');
} finally {
  await desk.clear();
  await browser.close();
}
