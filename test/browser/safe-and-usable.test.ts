import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { renderDataFile, renderPage } from '../../src/page/render.ts';
import { spoiled } from '../page/hostile.ts';
import { broken, calm, empty } from '../page/snapshots.ts';
import { chromiumPath, type Desk, FIRST_MS, whySkipped } from './browser.ts';
import { deskForEach } from './desk-for-each.ts';

const AT = Date.UTC(2026, 10, 21, 12, 17, 4);
const PICTURES: Readonly<Record<string, readonly [Snapshot, number]>> = {
  calm: [calm(AT), 2000],
  broken: [broken(AT), 2000],
  stale: [broken(AT), 47 * 60_000],
  empty: [empty(AT), 2000],
  hostile: [spoiled(broken(AT)), 2000],
};

const styleOf = (page: Page, selector: string, name: string): Promise<string> =>
  page.evaluate(`getComputedStyle(document.querySelector('${selector}')).getPropertyValue('${name}')`);

/** Runs in the page, as a hostile script would. A trusted type guards every script's address: only the data file passes. */
const TRY_TO_PHONE = `async (url) => [
  await fetch(url).then(() => 'fetched', () => 'refused'),
  await new Promise((resolve) => {
    const image = new Image();
    image.onload = () => resolve('loaded');
    image.onerror = () => resolve('refused');
    image.src = url + '/image';
  }),
  await (async () => { document.createElement('script').src = url + '/script'; })().then(() => 'allowed', () => 'refused'),
]`;

describe.skipIf(chromiumPath === undefined)(`the page for everyone${whySkipped}`, () => {
  const laid = deskForEach();

  async function show(name: keyof typeof PICTURES, options: Parameters<Desk['open']>[0] = {}): Promise<Page> {
    const [snapshot, ageMs] = PICTURES[name] ?? [calm(AT), 0];
    await laid.desk.put('health.html', renderPage(laid.template, snapshot));
    await laid.desk.put('health-data.js', renderDataFile(snapshot));
    const page = await laid.desk.open({ at: AT + ageMs, ...options });
    await page.locator('.services').waitFor();
    return page;
  }

  it('draws hostile text as nothing but text', async () => {
    const dialogs: string[] = [];
    const page = await show('hostile');
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    for (const button of await page.locator('.row-button').all()) await button.click();
    const drawn = page.locator('#page');
    expect(await drawn.locator('img, script, a:not(.skip), iframe, style').count()).toBe(0);
    expect(await drawn.textContent()).toContain('<img src=x onerror="document.title=`owned`"></script>');
    expect(await drawn.textContent()).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
    expect(await page.title()).not.toBe('owned');
    expect(dialogs).toEqual([]);
  });

  it('asks nobody for anything, and may not', async () => {
    const knocks: string[] = [];
    const server = createServer((request, response) => {
      knocks.push(request.url ?? '');
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      const page = await show('calm');
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.url()));
      await page.reload();
      await page.clock.runFor(FIRST_MS);
      await page.locator('.services').waitFor();
      await page.clock.runFor(20_000);
      const elsewhere = asked.filter(
        (url) => !url.startsWith(`file://${laid.desk.folder}/`) && !url.startsWith('data:'),
      );
      expect(elsewhere).toEqual([]);
      expect(asked.some((url) => url.includes('health-data.js?t='))).toBe(true);
      expect(await page.evaluate(`(${TRY_TO_PHONE})('${origin}')`)).toEqual(['refused', 'refused', 'refused']);
      expect(knocks).toEqual([]);
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it.each(['calm', 'broken', 'stale', 'empty', 'hostile'])('does not scroll sideways at 320 px: %s', async (name) => {
    const page = await show(name, { viewport: { width: 320, height: 640 } });
    for (const button of await page.locator('.row-button').all()) await button.click();
    const wide = await page.evaluate('document.documentElement.scrollWidth');
    expect(wide).toBeLessThanOrEqual(320);
  });

  it('fits a calm day on a laptop screen, and the answer to trouble', async () => {
    const page = await show('calm');
    expect(await page.evaluate('document.documentElement.scrollHeight')).toBeLessThanOrEqual(900);
    const trouble = await (await show('broken')).locator('.timeline').boundingBox();
    expect((trouble?.y ?? 0) + (trouble?.height ?? 9999)).toBeLessThanOrEqual(900);
  });

  it('has one h1, landmarks, and a skip link that leads to the services', async () => {
    const page = await show('broken');
    expect(await page.locator('h1').count()).toBe(1);
    for (const role of ['banner', 'main', 'contentinfo'] as const) expect(await page.getByRole(role).count()).toBe(1);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toContain('message-gateway');
  });

  it('opens a row by keyboard, keeps the focus over an update, and holds the order while it is open', async () => {
    const page = await show('calm');
    const row = page.getByRole('button', { name: /^backups/ });
    await row.focus();
    await page.keyboard.press('Enter');
    expect(await row.getAttribute('aria-expanded')).toBe('true');
    await expect.poll(() => page.locator('.panel:visible').textContent()).toContain('answers in 182 ms');
    await laid.desk.put('health-data.js', renderDataFile(broken(AT + 3000)));
    await page.clock.runFor(6000);
    await expect.poll(() => page.locator('h1').textContent()).toContain('is recovering');
    expect(await page.evaluate('document.activeElement.textContent')).toContain('backups');
    expect(await page.locator('.name').first().textContent()).toBe('agent-core');
    await page.keyboard.press('Enter');
    await page.locator('h1').click();
    await page.evaluate('document.activeElement.blur()');
    await page.clock.runFor(2000);
    await expect.poll(() => page.locator('.name').first().textContent()).toBe('message-gateway');
  });

  it('cycles the theme and remembers it before anything is drawn', async () => {
    const page = await show('calm', { colorScheme: 'light' });
    const ground = () => styleOf(page, 'body', 'background-color');
    const [light, dark] = ['rgb(246, 246, 243)', 'rgb(11, 13, 16)'];
    expect(await ground()).toBe(light);
    const button = page.getByRole('button', { name: /^Theme/ });
    await button.click();
    await button.click();
    expect([await button.getAttribute('aria-label'), await ground()]).toEqual(['Theme: dark', dark]);
    // On a busy machine the storage may be a moment late for the next process.
    const again = (): Promise<string> => page.reload().then(ground);
    await expect.poll(again, { timeout: 10_000 }).toBe(dark);
    await button.click();
    expect(await ground()).toBe(light);
  });

  it('stands still for those who ask for it, and prints in light without controls', async () => {
    const page = await show('broken', { reducedMotion: 'reduce', colorScheme: 'dark' });
    expect(await styleOf(page, '.turns', 'animation-name')).toBe('none');
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.theme').isVisible()).toBe(false);
    expect(await page.locator('.printed').textContent()).toContain('Data of');
    expect(await styleOf(page, '.card', 'background-color')).toBe('rgb(255, 255, 255)');
  });

  it('clips nothing when a person spaces the text out, at 320 px', async () => {
    const page = await show('broken', { viewport: { width: 320, height: 640 }, bypassCSP: true });
    // WCAG 2.2, 1.4.12.
    await page.addStyleTag({
      content: '*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}',
    });
    for (const button of await page.locator('.row-button').all()) await button.click();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
    const clipped = `[...document.querySelectorAll('h1, h2:not(.unseen), .name, .word, .second, .what, .evidence, .note, .uptime, dd, .button')]
      .filter((one) => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== 'inline' && getComputedStyle(one).overflowX !== 'visible')
      .map((one) => one.className + ' ' + one.textContent)`;
    expect(await page.evaluate(clipped)).toEqual([]);
  });

  it('keeps its signs and edges in forced colours', async () => {
    const page = await show('broken', { forcedColors: 'active' });
    expect(await styleOf(page, '.card', 'border-top-style')).toBe('solid');
    expect(await styleOf(page, '.mark .dot', 'forced-color-adjust')).toBe('none');
  });

  it('keeps the verdict in sight when the card has scrolled away', async () => {
    const page = await show('broken', { viewport: { width: 390, height: 500 } });
    expect(await page.locator('.sticky').isVisible()).toBe(false);
    await page.evaluate('window.scrollTo(0, document.body.scrollHeight)');
    await page.locator('.sticky').waitFor({ state: 'visible' });
    expect(await page.locator('.sticky').textContent()).toBe('message-gateway is recovering');
  });
});
