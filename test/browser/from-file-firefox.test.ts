import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { wallNow } from '../../dashboard/clock.ts';
import { buildPage } from '../../scripts/build-page.ts';
import { renderDataFile, renderHistoryFile, renderPage } from '../../src/page/render.ts';
import { spoiled } from '../page/hostile.ts';
import { calmSample, incidentSample, samplePast } from '../page/sample.ts';
import { type Folder, layFolder } from './browser.ts';
import { type Firefox, firefoxPath, launchFirefox, whyNoFirefox } from './firefox.ts';

/** What DASHBOARD.md §14.1 and 14.2 ask of every engine, in a Firefox with its own clock. */
describe.skipIf(firefoxPath === undefined)(`the page opened from disk in Firefox${whyNoFirefox}`, () => {
  let firefox: Firefox;
  let template = '';
  let desk: Folder;
  beforeAll(async () => {
    template = (await buildPage(process.cwd())).html;
    firefox = await launchFirefox();
  }, 90_000);
  afterAll(async () => {
    await firefox?.close();
  });
  beforeEach(async () => {
    desk = await layFolder();
  });
  afterEach(() => desk.clear());

  /** Until everything is drawn: the verdict comes first, alone. */
  const open = async (): Promise<void> => {
    await firefox.open(desk.address);
    await expect
      .poll(() => firefox.ask('document.querySelector(".services") !== null'), { timeout: 15_000, interval: 20 })
      .toBe(true);
  };
  const headline = () =>
    expect.poll(() => firefox.ask('document.querySelector("h1")?.textContent'), { timeout: 15_000, interval: 100 });
  const text = (selector: string) => firefox.ask(`document.querySelector('${selector}')?.textContent`);
  /** As a person who comes back to the tab: both files are read at once. */
  const readNow = async (): Promise<void> => {
    await firefox.ask('document.dispatchEvent(new Event("visibilitychange"))');
    await expect
      .poll(() => firefox.ask('document.querySelectorAll("script[src]").length'), { timeout: 15_000 })
      .toBe(0);
  };

  it('shows the embedded copy when the files beside it are missing, with its past, and says so', async () => {
    const at = wallNow();
    await desk.put('health.html', renderPage(template, calmSample(at), samplePast(at)));
    await open();
    await headline().toBe('Everything is working');
    await expect.poll(() => text('.second'), { timeout: 15_000 }).toContain('cannot read the data file');
    expect(await firefox.ask('document.querySelectorAll(".ribbon .bar-ok").length')).toBe(1);
    expect(await text('.row .uptime')).toContain('100%');
  });

  it('picks up a change by itself', async () => {
    const at = wallNow();
    await desk.put('health.html', renderPage(template, calmSample(at)));
    await desk.put('health-data.js', renderDataFile(calmSample(at + 1)));
    await open();
    await headline().toBe('Everything is working');
    await expect.poll(() => firefox.ask('document.querySelectorAll("script[src]").length')).toBe(0);
    await desk.put('health-data.js', renderDataFile(incidentSample(wallNow())));
    await headline().toContain('message-gateway is down');
    expect(await firefox.ask('document.title')).toBe('DOWN: message-gateway');
  });

  it('keeps the last good data through empty, torn and hostile files, and takes the next good one', async () => {
    const at = wallNow();
    await desk.put('health.html', renderPage(template, calmSample(at)));
    await desk.put('health-data.js', renderDataFile(calmSample(at + 1)));
    await desk.put('health-history.js', renderHistoryFile(samplePast(at)));
    await open();
    await headline().toBe('Everything is working');
    await readNow();
    for (const bad of [
      '',
      renderDataFile(incidentSample(at + 2)).slice(0, 900),
      'throw new Error("boo")',
      'window.__jarvisHealth({})',
    ]) {
      await desk.put('health-data.js', bad);
      await desk.put('health-history.js', bad.replace('__jarvisHealth', '__jarvisHealthHistory'));
      await readNow();
      expect(await text('h1')).toBe('Everything is working');
      expect(await firefox.ask('document.querySelectorAll(".ribbon .bar-ok").length')).toBe(1);
    }
    const hostile = spoiled(incidentSample(wallNow()));
    await desk.put('health-data.js', renderDataFile(hostile));
    await readNow();
    await headline().toContain('<img src=x onerror="document.title=`owned`">');
    expect(await firefox.ask('document.querySelectorAll("#page img, #page script").length')).toBe(0);
    expect(await firefox.ask('document.title')).not.toBe('owned');
  });

  it('asks nobody for anything', async () => {
    const knocks: string[] = [];
    const server = createServer((request, response) => {
      knocks.push(request.url ?? '');
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      const at = wallNow();
      const named = { ...calmSample(at), daemon: { ...calmSample(at).daemon, startHint: `${origin}/start` } };
      await desk.put('health.html', renderPage(template, named));
      await desk.put('health-data.js', renderDataFile(named));
      await open();
      await readNow();
      const asked = await firefox.ask('performance.getEntriesByType("resource").map((one) => one.name)');
      const elsewhere = (Array.isArray(asked) ? asked : ['?']).filter((one) => !String(one).startsWith('file:'));
      expect(elsewhere).toEqual([]);
      expect(knocks).toEqual([]);
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it('turns to old data by itself: how old, no colour, the command', async () => {
    // Nobody has written for 1 min 57 s; the rest passes while it is open.
    const at = wallNow() - 117_000;
    await desk.put('health.html', renderPage(template, incidentSample(at), samplePast(at)));
    await desk.put('health-data.js', renderDataFile(incidentSample(at)));
    await open();
    await headline().toContain('message-gateway is down');
    await headline().toBe('Data is 2 minutes old');
    expect(await firefox.ask('document.querySelector("main").className')).toBe('grey');
    expect(await text('.start code')).toBe('jarvis-health start');
    expect(await firefox.ask('document.querySelectorAll(".row .glyph:not(.tone-none)").length')).toBe(0);
  });

  it('draws without a sideways scroll, and moves a reader by the arrow keys', async () => {
    const at = wallNow();
    await desk.put('health.html', renderPage(template, incidentSample(at), samplePast(at)));
    await open();
    await headline().toContain('message-gateway is down');
    for (const width of [500, 800, 1280]) {
      await firefox.resize(width, 900);
      expect(await firefox.ask('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    }
    const key = `document.querySelector('.ribbon-bars').dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft', bubbles: true }))`;
    await firefox.ask(key);
    await expect.poll(() => text('.ribbon .reading')).toMatch(/^\d\d:\d\d to now: down/);
  });
});
