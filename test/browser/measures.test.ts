import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { chromiumPath, whySkipped } from './browser.ts';
import { deskForEach } from './desk-for-each.ts';
import { open, STATES } from './states.ts';

/** Size/line, weight and tracking in em of what a person reads (DASHBOARD.md §5). */
const TYPE: readonly (readonly [selector: string, desktop: string, phone?: string])[] = [
  ['h1', '28/34 600 -0.022', '23/28 600 -0.022'],
  ['h1 .running', '28/34 400 -0.02', '17/24 400 -0.02'],
  ['.figure b', '24/30 600 -0.022', '21/26 600 -0.022'],
  ['.second', '15/22 400 0', '14/20 400 0'],
  ['.host', '15/20 600 -0.01'],
  ['body', '14/20 400 0'],
  ['.name', '14/20 500 0'],
  ['.services h2', '13/18 600 0'],
  ['.vital h3', '13/18 400 0'],
  ['.uptime', '13/18 400 0'],
  ['.note', '12.5/18 400 0'],
  ['.evidence', '12.5/18 400 0'],
  ['footer', '12/16 400 0'],
  ['.column-head', '12/16 400 0'],
  ['.ranges button', '12/16 400 0'],
  ['.ribbon-axis', '11.5/16 400 0'],
];

const typeOf = (page: Page, selector: string): Promise<string> =>
  page.evaluate(`(() => {
    const s = getComputedStyle(document.querySelector(${JSON.stringify(selector)}));
    const px = (text) => Math.round(parseFloat(text) * 1000) / 1000 || 0;
    return px(s.fontSize) + '/' + px(s.lineHeight) + ' ' + s.fontWeight + ' ' + px(px(s.letterSpacing) / px(s.fontSize));
  })()`);

/** Width and height of everything that is pressed, and what is too small of it. */
const smallTargets = (page: Page, least: number): Promise<readonly string[]> =>
  page.evaluate(`[...document.querySelectorAll('button, summary, a[href]')].flatMap((one) => {
    const box = one.getBoundingClientRect();
    if (box.width === 0 || one.classList.contains('skip')) return [];
    // What is drawn around it is pressed too.
    const after = getComputedStyle(one, '::after');
    const grown = after.content === 'none' || after.position !== 'absolute' ? undefined : { width: parseFloat(after.width), height: parseFloat(after.height) };
    const width = Math.max(box.width, grown?.width ?? 0), height = Math.max(box.height, grown?.height ?? 0);
    return width >= ${least} && height >= ${least} ? [] : [one.className + ' ' + (one.ariaLabel ?? one.textContent) + ' ' + Math.round(width) + 'x' + Math.round(height)];
  })`);

describe.skipIf(chromiumPath === undefined)(`the measures of the page${whySkipped}`, () => {
  const laid = deskForEach();
  const desktop = { viewport: { width: 1280, height: 900 } };
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

  it('has the type of the design, on a desktop and on a phone', async () => {
    for (const [options, of] of [
      [desktop, (row: (typeof TYPE)[number]) => row[1]],
      [phone, (row: (typeof TYPE)[number]) => row[2] ?? row[1]],
    ] as const) {
      const page = await open(laid.desk, laid.template, STATES.incident, options);
      for (const row of TYPE) expect(`${row[0]} ${await typeOf(page, row[0])}`).toBe(`${row[0]} ${of(row)}`);
    }
  });

  it('rings the whole of a row that has the focus, and lets a short list of services end where it ends', async () => {
    const { snapshot } = STATES.incident;
    const few = snapshot.targets.filter(({ kind, id }) => kind !== 'service' || id === 'message-gateway');
    const page = await open(laid.desk, laid.template, { ...STATES.incident, snapshot: { ...snapshot, targets: few } });
    await page.keyboard.press('j');
    const ring = await page.evaluate<string>(`(() => {
      const words = document.querySelector('.row-button:focus-visible');
      const whole = getComputedStyle(words, '::after');
      return [getComputedStyle(words).outlineStyle, whole.outlineStyle, whole.outlineOffset].join(' ');
    })()`);
    expect(ring).toBe('none solid -2px');
    const ends = await page.evaluate<boolean>(`(() => {
      const [services, incidents] = ['.services', '.side'].map((one) => document.querySelector(one).getBoundingClientRect());
      return services.height < 120 && incidents.height > services.height;
    })()`);
    expect(ends).toBe(true);
  });

  it.each(Object.keys(STATES) as (keyof typeof STATES)[])('is easily hit: %s', async (state) => {
    const touched = await open(laid.desk, laid.template, STATES[state], phone);
    expect(await smallTargets(touched, 44)).toEqual([]);
    const pointed = await open(laid.desk, laid.template, STATES[state], desktop);
    expect(await smallTargets(pointed, 24)).toEqual([]);
  });
});
