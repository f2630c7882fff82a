import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { renderDataFile, renderHistoryFile, renderPage } from '../../src/page/render.ts';
import { calmSample, incidentSample, samplePast } from '../page/sample.ts';
import { broken, calm, stopped } from '../page/snapshots.ts';
import { chromiumPath, FIRST_MS, whySkipped } from './browser.ts';
import { deskForEach } from './desk-for-each.ts';
import { read } from './states.ts';

const AT = Date.UTC(2026, 10, 21, 12, 17, 4);
const S = 1000;
const MIN = 60 * S;

describe.skipIf(chromiumPath === undefined)(`the page opened from disk${whySkipped}`, () => {
  const laid = deskForEach();

  const lay = (snapshot: Snapshot) => laid.desk.put('health.html', renderPage(laid.template, snapshot));
  const write = (snapshot: Snapshot) => laid.desk.put('health-data.js', renderDataFile(snapshot));
  const headline = (page: Page) => expect.poll(() => page.locator('h1').textContent(), { timeout: 10_000 });
  const second = (page: Page) => expect.poll(() => page.locator('.second').textContent(), { timeout: 10_000 });
  /** Lets the page's clock run and the reading it starts end, again and again until `ms` are over. */
  const pass = async (page: Page, ms: number): Promise<void> => {
    for (let left = ms; left > 0; left -= 5 * S) await page.clock.runFor(Math.min(left, 5 * S));
  };

  it('draws the verdict first, with nothing before it, and the rest once that is painted', async () => {
    await laid.desk.put('health.html', renderPage(laid.template, calmSample(AT), samplePast(AT)));
    const page = await laid.desk.open();
    await page.clock.install({ time: AT - MIN });
    await page.clock.pauseAt(AT);
    await page.reload();
    expect(await page.locator('h1').allTextContents()).toEqual(['Everything is working']);
    expect(await page.title()).toBe('OK atlas');
    expect(await page.locator('.row, .vital, .ribbon, script[src]').count()).toBe(0);
    await page.clock.runFor(FIRST_MS);
    expect(await page.locator('.row').count()).toBe(8);
    expect(await page.locator('.ribbon .bar-ok').count()).toBe(1);
  });

  it('shows the embedded copy when the data file is missing, and says so', async () => {
    await lay(calm(AT));
    const page = await laid.desk.open({ at: AT + 2 * S });
    await headline(page).toBe('Everything is working');
    await second(page).toContain('This browser cannot read the data file beside this page. This copy is from 13:17.');
    expect(await page.title()).toBe('OK atlas');
  });

  it('picks up a change within 6 s and takes it from the file from then on', async () => {
    await lay(calm(AT));
    await write(calm(AT + 1));
    const page = await laid.desk.open({ at: AT + 2 * S });
    await headline(page).toBe('Everything is working');
    await write(incidentSample(AT + 3 * S));
    await page.clock.runFor(6 * S);
    await headline(page).toMatch(/^message-gateway is down\s+2 min \d+ s$/);
    expect(await page.title()).toBe('DOWN: message-gateway');
    await expect.poll(() => page.getByRole('alert').textContent()).toContain('message-gateway is down.');
  });

  it('prefers the newer of the embedded copy and a data file that could not be renewed', async () => {
    await lay(broken(AT));
    await write(calm(AT - MIN));
    const page = await laid.desk.open({ at: AT + 2 * S });
    await pass(page, 6 * S);
    await headline(page).toContain('message-gateway is recovering');
  });

  it.each([
    ['empty', ''],
    ['torn', renderDataFile(broken(AT)).slice(0, 900)],
    ['of another program', 'window.somethingElse = 1'],
    ['hostile', 'window.__jarvisHealth({ schema: 1, writtenAt: 9e99, targets: "x" }); throw new Error("boo")'],
    ['full of nonsense', 'window.__jarvisHealth(null); window.__jarvisHealth([]); window.__jarvisHealth(() => 1)'],
  ])('keeps the last good data when the data file is %s', async (_, text) => {
    await lay(calm(AT));
    await write(calm(AT + S));
    const page = await laid.desk.open({ at: AT + 2 * S });
    await headline(page).toBe('Everything is working');
    await laid.desk.put('health-data.js', text);
    await pass(page, 10 * S);
    expect(await page.locator('h1').textContent()).toBe('Everything is working');
    expect(await page.locator('.second').textContent()).toBe('14 of 14 checks pass.');
    // The last one may still be on its way: the file is read in real time, whatever the page's clock says.
    await expect.poll(() => page.locator('script[src]').count()).toBe(0);
    await write(broken(AT + 12 * S));
    await pass(page, 10 * S);
    await headline(page).toContain('message-gateway is recovering');
  });

  it('shows the past from the copy, then from the file beside it, once a minute and when a person comes back', async () => {
    const grey = (page: Page) => expect.poll(() => page.locator('.ribbon .bar-nodata').count(), { timeout: 10_000 });
    const down = (page: Page) => expect.poll(() => page.locator('.row .bar-down').count(), { timeout: 10_000 });
    const { ribbon, ...past } = samplePast(AT);
    const unwatched = { ...past, ribbon: { ...ribbon, states: '.'.repeat(96) } };
    await laid.desk.put('health.html', renderPage(laid.template, calmSample(AT), { ...unwatched, targets: [] }));
    await write(calmSample(AT + 1));
    const page = await laid.desk.open({ at: AT + 2 * S });
    await grey(page).toBe(1);
    expect(await page.locator('.row .uptime').first().textContent()).toContain('–');
    await laid.desk.put('health-history.js', renderHistoryFile({ ...past, writtenAt: AT + S, ribbon }));
    await pass(page, 61 * S);
    await grey(page).toBe(0);
    await down(page).toBe(4);
    await laid.desk.put('health-history.js', renderHistoryFile({ ...unwatched, writtenAt: AT + 2 * S }));
    await page.evaluate('document.dispatchEvent(new Event("visibilitychange"))');
    await read(page);
    await page.clock.runFor(1000);
    await grey(page).toBe(1);
  });

  it.each([
    ['missing', undefined],
    ['empty', ''],
    ['torn', renderHistoryFile(samplePast(AT)).slice(0, 900)],
    ['hostile', 'window.__jarvisHealthHistory({ schema: 1, writtenAt: 9e99, ribbon: "x" }); throw new Error("boo")'],
    ['full of nonsense', 'window.__jarvisHealthHistory(null); window.__jarvisHealthHistory([[[]]])'],
    ['newer', 'window.__jarvisHealthHistory({ schema: 2 })'],
    ['the data file', renderDataFile(calm(AT))],
  ])('keeps the last good past when the history file is %s', async (_, text) => {
    await laid.desk.put('health.html', renderPage(laid.template, calmSample(AT), samplePast(AT)));
    await write(calmSample(AT + 1));
    if (text !== undefined) await laid.desk.put('health-history.js', text);
    const page = await laid.desk.open({ at: AT + 2 * S });
    await headline(page).toBe('Everything is working');
    await read(page);
    await page.clock.runFor(S);
    expect(await page.locator('.row .bar-down').count()).toBe(4);
    expect(await page.locator('.row .uptime').nth(1).textContent()).toContain('99.99%');
  });

  it('turns to old data within 2 min 10 s when nobody writes any more: no colour, past tense, the command', async () => {
    await lay(broken(AT));
    await write(broken(AT));
    const page = await laid.desk.open({ at: AT + S, permissions: ['clipboard-read', 'clipboard-write'] });
    await headline(page).toContain('is recovering');
    await pass(page, 2 * MIN + 9 * S);
    await headline(page).toBe('Data is 2 minutes old');
    await second(page).toContain('The health daemon is not running. Below is how things were at 13:17');
    expect(await page.locator('main').getAttribute('class')).toBe('grey');
    expect(await page.locator('.row .glyph:not(.tone-none)').count()).toBe(0);
    expect(await page.locator('.services').textContent()).toContain('answered in 182 ms');
    expect(await page.locator('.start code').textContent()).toBe('jarvis-health start');
    await page.getByRole('button', { name: 'Copy' }).click();
    await expect.poll(() => page.evaluate('navigator.clipboard.readText()')).toBe('jarvis-health start');
    await write(calm(AT + 2 * MIN + 10 * S));
    await page.getByRole('button', { name: 'Read again' }).click();
    await headline(page).toBe('Everything is working');
  });

  it('waits two intervals after the computer slept before it calls data stale', async () => {
    await lay(calm(AT));
    await write(calm(AT));
    const page = await laid.desk.open({ at: AT + S });
    await headline(page).toBe('Everything is working');
    await page.clock.fastForward(8 * 60 * MIN);
    await headline(page).toBe('Waiting for new data');
    await pass(page, 41 * S);
    await headline(page).toBe('Data is 8 hours old');
  });

  it('says who stopped the daemon', async () => {
    await lay(stopped(AT));
    const page = await laid.desk.open({ at: AT + 60 * MIN });
    await headline(page).toBe('Health daemon is stopped');
    await second(page).toBe('Stopped at 13:17 by you. Nothing is being watched.');
    await lay({ ...broken(AT), daemon: stopped(AT).daemon });
    const troubled = await laid.desk.open({ at: AT + 60 * MIN });
    const told = await troubled.locator('main').textContent();
    expect(told).toMatch(/Attempt 2 of 3: restart it.*30 days: \d+, 1 was open/s);
    expect(told).not.toMatch(/It waits for|is running/);
  });

  it('says that the clocks disagree, and that the daemon is newer than the page', async () => {
    await lay(calm(AT + 4 * MIN));
    const page = await laid.desk.open({ at: AT });
    await headline(page).toBe('Clock problem');
    await laid.desk.put('health-data.js', 'window.__jarvisHealth?.({"schema":2})\n');
    await pass(page, 6 * S);
    await headline(page).toBe('Reload this page');
  });

  it('says that there is no data when there is none at all', async () => {
    await laid.desk.put('health.html', laid.template);
    const page = await laid.desk.open();
    await headline(page).toBe('No data');
    await second(page).toBe('jarvis-health has not written anything here yet.');
  });

  it('falls back to a plain list when drawing fails, and draws again with the next good data', async () => {
    const odd = { ...calm(AT), targets: calm(AT).targets.map((target) => ({ ...target, checks: null })) };
    await lay(odd as unknown as Snapshot);
    const page = await laid.desk.open({ at: AT + S });
    await headline(page).toBe('This page hit an error');
    expect(await page.locator('li').first().textContent()).toBe('agent-core · working · answers in 182 ms');
    await write(calm(AT + 2 * S));
    await pass(page, 6 * S);
    await headline(page).toBe('Everything is working');
  });

  it('points to health.txt without JavaScript', async () => {
    await lay(calm(AT));
    const page = await laid.desk.open({ javaScriptEnabled: false });
    expect(await page.locator('h1').textContent()).toBe('This page needs JavaScript');
    expect(await page.locator('p').textContent()).toBe('The plain summary is in health.txt beside it.');
  });
});
