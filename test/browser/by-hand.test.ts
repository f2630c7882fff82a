import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { renderDataFile } from '../../src/page/render.ts';
import { lookedAgain, manySample } from '../page/many.ts';
import { calmSample, incidentSample } from '../page/sample.ts';
import { chromiumPath, type Desk, FIRST_MS, whySkipped } from './browser.ts';
import { deskForEach } from './desk-for-each.ts';
import { AT, open, read, STATES } from './states.ts';

describe.skipIf(chromiumPath === undefined)(`the page in a person's hands${whySkipped}`, () => {
  const laid = deskForEach();

  const show = (state: keyof typeof STATES, options: Parameters<Desk['open']>[0] = {}) =>
    open(laid.desk, laid.template, STATES[state], options);
  const again = async (page: Page): Promise<void> => {
    await page.reload();
    await page.clock.runFor(FIRST_MS);
  };
  const focused = (page: Page) => page.evaluate<string>('document.activeElement.textContent');
  const bars = (page: Page) => page.locator('.row .bars').first().getAttribute('aria-label');

  it('walks the services with J and K, opens one with Enter, and leaves fields alone', async () => {
    const page = await show('calm');
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    expect(await focused(page)).toContain('message-gateway');
    await page.keyboard.press('k');
    expect(await focused(page)).toContain('agent-core');
    await page.keyboard.press('Enter');
    const panel = page.locator('.panel:visible');
    await panel.waitFor();
    expect(await panel.locator('dd').first().locator('li').count()).toBe(5);
    expect(await panel.textContent()).toMatch(/Reply time.*Last results.*Recovery would/s);
  });

  it('changes the range with 1, 2 and 3, and remembers it', async () => {
    const page = await show('calm');
    expect(await bars(page)).toBe('Last 30 days: all good.');
    await page.keyboard.press('3');
    expect(await bars(page)).toBe('Last 90 days: all good.');
    await page.keyboard.press('1');
    await again(page);
    await page.locator('.row').first().waitFor();
    expect(await bars(page)).toBe('Last 24 hours: all good.');
    expect(await page.getByRole('button', { name: 'Last 24 h', exact: true }).getAttribute('aria-pressed')).toBe(
      'true',
    );
  });

  it('helps with ?, closes with Esc, gives the focus back, and can be told to leave single keys alone', async () => {
    const page = await show('calm');
    const help = page.getByRole('button', { name: 'all keys' });
    await help.focus();
    await page.keyboard.press('?');
    await page.locator('dialog').waitFor();
    await page.getByRole('switch').click();
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
    expect(await focused(page)).toContain('all keys');
    await page.keyboard.press('3');
    await page.keyboard.press('?');
    expect(await bars(page)).toBe('Last 30 days: all good.');
    expect(await page.locator('dialog').count()).toBe(0);
    await again(page);
    await page.keyboard.press('3');
    expect(await bars(page)).toBe('Last 30 days: all good.');
  });

  it('reads a chart by pointer, by arrow keys, and as a table', async () => {
    const page = await show('calm');
    const chart = page.getByRole('slider', { name: 'Memory used' });
    expect(await chart.getAttribute('aria-valuetext')).toBe('14:04, 38%, 6.1 GB');
    await chart.focus();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Home');
    expect(await chart.getAttribute('aria-valuetext')).toMatch(/^20 Nov, 14:\d\d, 4\d%, [67].\d GB$/);
    expect(await page.locator('.vital .reading').textContent()).toBe(await chart.getAttribute('aria-valuetext'));
    await page.keyboard.press('Escape');
    expect(await page.locator('.reading').count()).toBe(0);
    await chart.hover();
    expect(await page.locator('.vital .reading').textContent()).toMatch(/^0[12]:\d\d, \d\d%/);
    await page.getByRole('button', { name: 'Show as table: Memory used' }).click();
    const rows = page.getByRole('dialog', { name: 'Memory used, last 24 h' }).getByRole('row');
    expect(await rows.first().textContent()).toBe('TimeValue');
    expect(await rows.nth(1).textContent()).toBe('14:0438%, 6.1 GB');
    expect(await rows.count()).toBeGreaterThan(90);
  });

  it('pins what a finger taps on the ribbon, until it taps again', async () => {
    const page = await show('incident', { hasTouch: true, viewport: { width: 390, height: 844 } });
    const ribbon = page.locator('.ribbon-bars');
    const box = await ribbon.boundingBox();
    await page.touchscreen.tap((box?.x ?? 0) + (box?.width ?? 0) - 2, (box?.y ?? 0) + 20);
    const reading = page.locator('.ribbon .reading');
    expect(await reading.textContent()).toBe('13:45 to now: down, message-gateway stopped running');
    await page.touchscreen.tap((box?.x ?? 0) + (box?.width ?? 0) - 2, (box?.y ?? 0) + 20);
    await reading.waitFor({ state: 'detached' });
  });

  it('says the ribbon and the bars in sentences', async () => {
    const page = await show('incident');
    const ribbon = await page.getByRole('slider', { name: /^Last 24 hours/ }).getAttribute('aria-label');
    expect(ribbon).toBe('Last 24 hours: good for 23 h 15 min, slow within 00:15 to 00:45, down within 14:00 to now.');
    const rows = page.locator('.row-button');
    expect(await rows.nth(0).textContent()).toBe('message-gateway, down, down 2 min 16 s');
    expect(await rows.filter({ hasText: 'scheduler' }).textContent()).toBe(
      'scheduler, working, looking again, not counted now',
    );
    expect(await rows.nth(1).textContent()).toBe('agent-core, working, answers in 182 ms');
    expect(await bars(page)).toMatch(/^Last 30 days: 27 good, slow on 11 Nov, down on 17 Nov for 41 s, down on 21 Nov/);
  });

  it('tells the story of every incident, and of the one that was asked for', async () => {
    const page = await show('incident');
    await page.locator('.incidents').getByRole('button', { name: 'message-gateway stopped running' }).click();
    const dialog = page.getByRole('dialog', { name: 'All incidents' });
    await dialog.waitFor();
    expect(await dialog.locator('.timeline li').count()).toBe(6);
    expect(await dialog.locator('.all-incidents > li').count()).toBe(4);
  });

  it('holds what is under the pointer while an incident opens above it', async () => {
    const page = await show('calm');
    const row = page.getByRole('button', { name: /^tool-sandbox/ });
    await row.hover();
    const before = await row.boundingBox();
    await laid.desk.put('health-data.js', renderDataFile(incidentSample(AT + 3000)));
    await page.clock.runFor(6000);
    await read(page);
    await expect.poll(() => page.locator('h1').textContent()).toContain('is down');
    await page.clock.runFor(1000);
    expect(Math.abs(((await row.boundingBox())?.y ?? 0) - (before?.y ?? 0))).toBeLessThan(2);
    expect(await page.evaluate<number>('scrollY')).toBeGreaterThan(50);
  });

  it('shows an incident from its top to someone who is not there', async () => {
    const page = await show('calm');
    await page.getByRole('button', { name: /^tool-sandbox/ }).hover();
    await page.clock.runFor(30_000);
    await laid.desk.put('health-data.js', renderDataFile(incidentSample(AT + 33_000)));
    await page.clock.runFor(6000);
    await read(page);
    await expect.poll(() => page.locator('h1').textContent()).toContain('is down');
    expect(await page.evaluate('scrollY')).toBe(0);
  });

  it('keeps an opened row, its reader and the focus over an update', async () => {
    const page = await show('calm');
    await page.getByRole('button', { name: /^model-api ?, working/ }).click();
    const chart = page.locator('.panel').getByRole('slider');
    await chart.focus();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    const said = await page.locator('.panel .reading').textContent();
    await laid.desk.put('health-data.js', renderDataFile(calmSample(AT + 3000)));
    await page.clock.runFor(6000);
    await read(page);
    await page.clock.runFor(1000);
    expect(await page.locator('.chip .age').textContent()).toContain('s old');
    expect(await page.locator('.panel .reading').textContent()).toBe(said);
    expect(await page.evaluate('document.activeElement.getAttribute("role")')).toBe('slider');
  });

  it('shows a thousand services, the troubled first, and takes all of them along in an update and on paper', async () => {
    const { snapshot, past } = manySample(AT, 1000);
    const down = { state: 'down', status: 'critical' } as const;
    const troubled = snapshot.targets.map((one) => (one.id === 'service-998' ? { ...one, ...down } : one));
    const page = await open(laid.desk, laid.template, {
      snapshot: { ...snapshot, targets: troubled },
      past,
      ageMs: 2000,
    });
    const rows = page.locator('.row');
    expect(await rows.first().textContent()).toContain('service-998');
    await page.clock.runFor(1000);
    expect(await rows.count()).toBe(1000);
    const next = lookedAgain(snapshot, AT + 3000);
    await laid.desk.put('health-data.js', renderDataFile(next));
    await page.clock.runFor(6000);
    await read(page);
    await page.clock.runFor(1000);
    const last = next.targets.find(({ id }) => id === 'service-997');
    expect(await rows.nth(997).textContent()).toContain(last?.detail);
    const row = page.getByRole('button', { name: /^service-900 / });
    await row.click();
    await page.clock.runFor(100);
    expect(await page.locator('.panel:visible').textContent()).toContain('Recovery would');
    const laidOut = () =>
      page.evaluate(`getComputedStyle(document.querySelector('.row:last-child')).contentVisibility`);
    expect(await laidOut()).toBe('auto');
    await page.emulateMedia({ media: 'print' });
    expect(await laidOut()).toBe('visible');
  });

  it('says that bars were left out, which is no gap in the watch', async () => {
    const { snapshot, past, ageMs } = STATES.calm;
    const page = await open(laid.desk, laid.template, { snapshot, past: { ...past, leftOut: 'quarter' }, ageMs });
    expect(await page.locator('.services').textContent()).not.toContain('left out');
    await page.keyboard.press('3');
    expect(await page.locator('.services').textContent()).toContain('the bars of this range are left out');
  });
});
