import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildPage } from '../../scripts/build-page.ts';
import { chromiumPath, type Desk, launchChromium, layDesk, whySkipped } from './browser.ts';
import { compare, fontsOf, keepFonts, type Lens, openLens, renewing } from './compare.ts';
import { open, STATES } from './states.ts';

const SIZES = { desktop: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } } as const;
const cases = (Object.keys(STATES) as (keyof typeof STATES)[]).flatMap((state) =>
  (Object.keys(SIZES) as (keyof typeof SIZES)[]).flatMap((size) =>
    (['light', 'dark'] as const).map((theme) => [state, size, theme] as const),
  ),
);

describe.skipIf(chromiumPath === undefined)(`the page as it was approved${whySkipped}`, () => {
  let browser: Browser;
  let template = '';
  let desk: Desk;
  let lens: Lens;
  beforeAll(async () => {
    template = (await buildPage(process.cwd())).html;
    browser = await launchChromium();
    lens = await openLens(browser);
  });
  afterAll(async () => {
    await browser?.close();
  });
  beforeEach(async () => {
    desk = await layDesk(browser);
  });
  afterEach(() => desk.clear());

  it.each(cases)('looks as it was kept: %s, %s, %s', async (state, size, theme) => {
    const page = await open(desk, template, STATES[state], {
      viewport: SIZES[size],
      colorScheme: theme,
      reducedMotion: 'reduce',
    });
    const fonts = await fontsOf(page);
    if (renewing) await keepFonts(fonts);
    else if (fonts !== lens.fonts) {
      // Not silently: the line says so in the report.
      console.info(`SKIPPED: other fonts than the kept pictures (${fonts}, kept: ${lens.fonts})`);
      return;
    }
    expect(await compare(lens, `${state}-${size}-${theme}`, await page.screenshot())).toBe('');
  });
});
