import { beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, whySkipped } from './browser.ts';
import { compare, fontsOf, keepFonts, type Lens, openLens, renewing } from './compare.ts';
import { deskForEach } from './desk-for-each.ts';
import { open, STATES } from './states.ts';

const SIZES = { desktop: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } } as const;
const cases = (Object.keys(STATES) as (keyof typeof STATES)[]).flatMap((state) =>
  (Object.keys(SIZES) as (keyof typeof SIZES)[]).flatMap((size) =>
    (['light', 'dark'] as const).map((theme) => [state, size, theme] as const),
  ),
);

describe.skipIf(chromiumPath === undefined)(`the page as it was approved${whySkipped}`, () => {
  const laid = deskForEach();
  let lens: Lens;
  beforeAll(async () => {
    lens = await openLens(laid.browser);
  });

  it.for(cases)('looks as it was kept: %s, %s, %s', async ([state, size, theme], { skip }) => {
    const page = await open(laid.desk, laid.template, STATES[state], {
      viewport: SIZES[size],
      colorScheme: theme,
      reducedMotion: 'reduce',
    });
    const fonts = await fontsOf(page);
    if (renewing) await keepFonts(fonts);
    // Skipped and not passed: nothing was compared.
    else skip(fonts !== lens.fonts, `other fonts than the kept pictures (${fonts}, kept: ${lens.fonts})`);
    expect(await compare(lens, `${state}-${size}-${theme}`, await page.screenshot())).toBe('');
  });
});
