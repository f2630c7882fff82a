import type { CDPSession } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { renderDataFile } from '../../src/page/render.ts';
import { calmSample, incidentSample, samplePast } from '../page/sample.ts';
import { chromiumPath, whySkipped } from './browser.ts';
import { deskForEach } from './desk-for-each.ts';
import { AT, open, read, STATES } from './states.ts';

const MB = 1e6;

/** Live objects and elements of the page, after the browser took the rest away. */
async function held(session: CDPSession): Promise<{ readonly heapBytes: number; readonly nodes: number }> {
  // What the first collection frees may hold more: weak references are cleared in between.
  for (let i = 0; i < 3; i += 1) await session.send('HeapProfiler.collectGarbage');
  const { metrics } = await session.send('Performance.getMetrics');
  const of = (name: string): number => metrics.find((one) => one.name === name)?.value ?? Number.NaN;
  return { heapBytes: of('JSHeapUsedSize'), nodes: of('Nodes') };
}

describe.skipIf(chromiumPath === undefined)(`the page left open${whySkipped}`, () => {
  const laid = deskForEach();

  it('holds no more after thousands of updates than after a few', async () => {
    const page = await open(laid.desk, laid.template, STATES.calm);
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable');
    // A row and its chart are open, as a person may leave them.
    await page.locator('.row-button').nth(1).click();
    /** An update and the second that draws it, `count` times; trouble comes and goes, and the past is renewed. */
    const update = (from: number, count: number) =>
      page.evaluate(`(async () => {
        const [calm, trouble, past] = window.updates ??= ${JSON.stringify([calmSample(AT), incidentSample(AT), samplePast(AT)])};
        for (let i = ${from}; i < ${from + count}; i += 1) {
          const at = ${AT} + 2000 + i;
          window.__jarvisHealth({ ...(i % 50 < 5 ? trouble : calm), writtenAt: at, seq: i });
          if (i % 20 === 0) window.__jarvisHealthHistory({ ...past, writtenAt: at });
          document.dispatchEvent(new Event('visibilitychange'));
          if (i % 50 === 0) await new Promise((resolve) => { const c = new MessageChannel(); c.port1.onmessage = resolve; c.port2.postMessage(0); });
        }
      })()`);
    await update(0, 300);
    await read(page);
    const few = await held(session);
    await update(300, 1700);
    await read(page);
    const many = await held(session);
    console.info(
      `page heap after 300 updates ${(few.heapBytes / MB).toFixed(1)} MB, after 2000 ${(many.heapBytes / MB).toFixed(1)} MB; nodes ${few.nodes}, ${many.nodes}`,
    );
    expect(many.heapBytes).toBeLessThan(few.heapBytes + 1 * MB);
    expect(many.nodes).toBeLessThan(few.nodes + 200);
    expect(many.heapBytes).toBeLessThan(60 * MB);
  }, 180_000);

  it('leaves nothing behind of the files it reads', async () => {
    const page = await open(laid.desk, laid.template, STATES.calm);
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable');
    const readings = async (count: number, from: number): Promise<void> => {
      for (let i = from; i < from + count; i += 1) {
        await laid.desk.put('health-data.js', renderDataFile({ ...calmSample(AT + 2000 + i), seq: i }));
        await page.evaluate('document.dispatchEvent(new Event("visibilitychange"))');
        await read(page);
      }
    };
    // The browser compiles and caches for a while.
    await readings(300, 0);
    const few = await held(session);
    await readings(150, 300);
    const many = await held(session);
    const each = (many.heapBytes - few.heapBytes) / 150;
    console.info(`page heap grows by ${Math.round(each)} bytes a reading`);
    // DASHBOARD.md §3; two files are read here.
    expect(each).toBeLessThan(1024);
    expect(await page.locator('script[src]').count()).toBe(0);
  });
});
