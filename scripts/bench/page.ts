import { setTimeout as pause } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { renderDataFile, renderHistoryFile, renderPage } from '../../src/page/render.ts';
import { chromiumPath, type Desk, launchChromium, layDesk } from '../../test/browser/browser.ts';
import { lookedAgain, manySample } from '../../test/page/many.ts';
import { calmSample, samplePast } from '../../test/page/sample.ts';
import { buildPage } from '../build-page.ts';
import { root } from '../root.ts';
import { type Bench, inTurn, type Measured, median, until } from './measure.ts';

const rounds = 11;
const many = 1000;

/** health.html in a folder, with what lies beside it, and a page that says one word. */
async function withPage(services: number, take: (desk: Desk, browser: Browser) => Promise<Measured>) {
  if (chromiumPath === undefined) return { skipped: 'no Chromium here; install it or set CHROMIUM' };
  const at = Date.now();
  const { snapshot, past } =
    services === many ? manySample(at, many) : { snapshot: calmSample(at), past: samplePast(at) };
  const { html } = await buildPage(root);
  const browser = await launchChromium();
  const desk = await layDesk(browser);
  try {
    await desk.put('health.html', renderPage(html, snapshot, past));
    await desk.put('health-data.js', renderDataFile(snapshot));
    await desk.put('health-history.js', renderHistoryFile(past));
    await desk.put('bare.html', '<!doctype html><title>bare</title><p>hello');
    return await take(desk, browser);
  } finally {
    await desk.clear();
    await browser.close();
  }
}

/** ms from the begin of the navigation to the first text on the screen, or to the frame after `selector` was there. */
async function shownMs(desk: Desk, file: string, selector: string | undefined): Promise<number> {
  const page = await desk.open();
  await page.goto('about:blank');
  await page.addInitScript(`addEventListener('DOMContentLoaded', () => {
    const there = () => document.querySelector(${JSON.stringify(selector ?? 'body')}) !== null;
    const look = () => requestAnimationFrame(() => (there() ? setTimeout(() => (window.shownAt = performance.now())) : look()));
    look();
  })`);
  await page.goto(desk.address.replace('health.html', file));
  const asked =
    selector === undefined ? `performance.getEntriesByName('first-contentful-paint')[0]?.startTime` : 'window.shownAt';
  const ms = await until('the page is shown', 20_000, () => page.evaluate<number | undefined>(asked));
  await page.context().close();
  return ms;
}

const shownBench = (name: string, says: string, budget: number, selector: string | undefined): Bench => ({
  name,
  says,
  budget,
  run: () =>
    withPage(0, async (desk) => {
      const { ours, beside } = await inTurn(
        rounds,
        () => shownMs(desk, 'health.html', selector),
        () => shownMs(desk, 'bare.html', undefined),
      );
      const bare = Math.round(median(beside));
      return {
        ours: median(ours),
        unit: 'ms',
        note: `median of ${rounds}, best ${Math.round(Math.min(...ours))}; a page of one word: ${bare} ms`,
      };
    }),
});

export const pagePaintBench = shownBench('paint', 'health.html from disk: first text on the screen', 200, undefined);
export const pageDrawBench = shownBench(
  'draw',
  'health.html from disk: everything on the screen',
  400,
  '.services .row',
);

export const pageUpdateBench: Bench = {
  name: 'update',
  says: `health.html with ${many} services: longest task of an update in which every row changed`,
  budget: 50,
  run: () =>
    withPage(many, async (desk, browser) => {
      const page = await desk.open();
      await page
        .locator('.row')
        .nth(many - 1)
        .waitFor({ state: 'attached' });
      const longest: number[] = [];
      for (let round = 0; round < 5; round += 1) longest.push(await longestTaskMs(browser, page, desk));
      return {
        ours: median(longest),
        unit: 'ms',
        note: `CPU of the page's thread, median of ${longest.length} updates`,
      };
    }),
};

/** In CPU time: what else the machine does is not the page's. Nothing is asked of the page meanwhile: that is work too. */
async function longestTaskMs(browser: Browser, page: Page, desk: Desk): Promise<number> {
  await browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline'] });
  const next = lookedAgain(manySample(Date.now(), many).snapshot, Date.now());
  await desk.put('health-data.js', renderDataFile(next));
  // It reads every 5 s.
  await pause(8_000);
  const trace = JSON.parse((await browser.stopTracing()).toString()) as { readonly traceEvents: readonly TraceEvent[] };
  const all = trace.traceEvents;
  const thread = all.find(({ name }) => name === 'EvaluateScript')?.tid;
  const { id = '', detail = '' } = next.targets.findLast(({ replyMs }) => replyMs !== undefined) ?? {};
  const shown = await page.locator('.row', { hasText: id }).last().textContent();
  if (thread === undefined || !shown?.includes(detail)) throw new Error(`the page shows ${shown}, not ${detail}`);
  const tasks = all.filter(({ name, tid }) => tid === thread && name.endsWith('RunTask'));
  return Math.max(...tasks.map(({ tdur = 0 }) => tdur)) / 1000;
}

/** `tdur`: CPU time in µs. */
type TraceEvent = { readonly name: string; readonly tid: number; readonly tdur?: number };
