import { mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freshnessOf } from '../../dashboard/freshness.ts';
import { dueOf, PAGE_TIMES, renewEveryMs } from '../../src/page/due.ts';
import { HISTORY_PLACE, readDataFile, renderHistoryFile, SNAPSHOT_PLACE } from '../../src/page/render.ts';
import { loadTemplate } from '../../src/page/template.ts';
import { createPageWriter, type PageWriterOptions } from '../../src/page/write.ts';
import { past } from './past.ts';
import { calm } from './snapshots.ts';

const AT = 1_700_000_000_000;
const { dataLeastMs, pageEveryMs, pageLeastMs, slackMs } = PAGE_TIMES;

describe('when the files are due', () => {
  it('is at once for the first snapshot', () => {
    expect(dueOf({ dataAt: undefined, pageAt: undefined, dataBytes: 0 }, false, 0)).toEqual({
      dataInMs: 0,
      pageInMs: 0,
    });
  });

  it('is never more often than the least distance, however much happens', () => {
    expect(dueOf({ dataAt: 0, pageAt: 0, dataBytes: 9000 }, true, 400)).toEqual({
      dataInMs: dataLeastMs - 400,
      pageInMs: pageLeastMs - 400,
    });
    expect(dueOf({ dataAt: 0, pageAt: 0, dataBytes: 9000 }, true, pageLeastMs)).toEqual({ dataInMs: 0, pageInMs: 0 });
  });

  it('is at least every 20 s and every 5 min when nothing happens', () => {
    const passed = (ms: number) => dueOf({ dataAt: 0, pageAt: 0, dataBytes: 9000 }, false, ms);
    expect(passed(PAGE_TIMES.dataEveryMs - slackMs - 1)).toEqual({ dataInMs: undefined, pageInMs: undefined });
    expect(passed(PAGE_TIMES.dataEveryMs - slackMs)).toEqual({ dataInMs: 0, pageInMs: undefined });
    expect(passed(pageEveryMs - slackMs)).toEqual({ dataInMs: 0, pageInMs: 0 });
  });

  it('is rarer for a large file, but never so rare that a page would call it late', () => {
    expect([5_000, 9_000, 14_000, 22_000, 500_000].map(renewEveryMs)).toEqual([
      PAGE_TIMES.dataEveryMs,
      PAGE_TIMES.dataEveryMs,
      30_240,
      47_520,
      PAGE_TIMES.dataMostMs,
    ]);
    const after = { dataAt: 0, pageAt: 0, dataBytes: 14_000 };
    expect(dueOf(after, false, 29_000).dataInMs).toBeUndefined();
    expect(dueOf(after, false, 30_000).dataInMs).toBe(0);
    const seen = { ...calm(AT), everyMs: PAGE_TIMES.dataEveryMs };
    expect(freshnessOf(seen, AT + PAGE_TIMES.dataMostMs + 6_000, undefined).kind).toBe('fresh');
    expect(dueOf({ ...after, dataBytes: 1_000_000 }, true, 1000).dataInMs).toBe(4000);
  });
});

describe('the page writer', () => {
  let folder = '';
  let steady = 0;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'page-'));
    steady = 0;
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const writer = (over: Partial<PageWriterOptions> = {}) =>
    createPageWriter({
      folder,
      template: `<html>${SNAPSHOT_PLACE}</html>`,
      renderText: (snapshot) => `${snapshot.verdict.headline}\n`,
      steadyMs: () => steady,
      write: async (path, text) => {
        await writeFile(`${path}.tmp`, text);
        await rename(`${path}.tmp`, path);
      },
      ...over,
    });
  const written = async (): Promise<unknown> =>
    readDataFile(await readFile(join(folder, 'health-data.js'), 'utf8').catch(() => ''));

  it('writes page, data and text from the first snapshot', async () => {
    const page = writer();
    page.publish(calm(AT), { stateChanged: false });
    await page.flush();
    expect((await readdir(folder)).sort()).toEqual(['health-data.js', 'health.html', 'health.txt']);
    expect(await readFile(join(folder, 'health.txt'), 'utf8')).toBe('Everything is working\n');
    expect(await written()).toMatchObject({ writtenAt: AT });
  });

  it('writes the last of many quick changes, a second after the first', async () => {
    let writes = 0;
    const page = writer({
      steadyMs: () => performance.now(),
      write: async (path, text) => {
        if (path.endsWith('.js')) writes += 1;
        await writeFile(path, text);
      },
    });
    page.publish({ ...calm(AT), seq: 0 }, { stateChanged: true });
    await expect.poll(written).toMatchObject({ seq: 0 });
    for (let i = 1; i < 50; i += 1) page.publish({ ...calm(AT), seq: i }, { stateChanged: true });
    await expect.poll(written, { timeout: 5000 }).toMatchObject({ seq: 49 });
    expect(writes).toBe(2);
    await page.flush();
  });

  it('leaves the files alone while nothing is due', async () => {
    const page = writer();
    page.publish(calm(AT), { stateChanged: true });
    await page.flush();
    const before = await stat(join(folder, 'health-data.js'), { bigint: true });
    steady = 10_000;
    expect(page.isDue()).toBe(false);
    page.publish(calm(AT + 10_000), { stateChanged: false });
    await page.flush();
    expect((await stat(join(folder, 'health-data.js'), { bigint: true })).mtimeNs).toBe(before.mtimeNs);
    steady = 20_000;
    expect(page.isDue()).toBe(true);
    page.publish(calm(AT + 20_000), { stateChanged: false });
    await page.flush();
    expect(await written()).toMatchObject({ writtenAt: AT + 20_000 });
  });

  it('never throws when the disk is full, says which file, and writes the others', async () => {
    const troubles: string[] = [];
    const page = writer({
      onTrouble: (file, error) => troubles.push(`${file}: ${(error as Error).message}`),
      write: async (path, text) => {
        if (path.endsWith('.js')) throw new Error('ENOSPC');
        await writeFile(path, text);
      },
    });
    page.publish(calm(AT), { stateChanged: true });
    await page.flush();
    expect(troubles).toEqual(['health-data.js: ENOSPC']);
    expect((await readdir(folder)).sort()).toEqual(['health.html', 'health.txt']);
  });

  it('says a trouble that lasts once, and again when it comes back', async () => {
    const troubles: string[] = [];
    let full = true;
    const page = writer({
      onTrouble: (file) => troubles.push(file),
      write: async (path, text) => {
        if (full && path.endsWith('.js')) throw new Error('ENOSPC');
        await writeFile(path, text);
      },
    });
    for (const now of [true, true, false, true]) {
      full = now;
      steady += 60_000;
      page.publish(calm(AT), { stateChanged: true });
      await page.flush();
    }
    expect(troubles).toEqual(['health-data.js', 'health-data.js']);
  });

  it('survives a text that cannot be rendered and a template without a place', async () => {
    const troubles: string[] = [];
    const page = writer({
      template: '<html></html>',
      onTrouble: (file) => troubles.push(file),
      renderText: () => {
        throw new Error('no');
      },
    });
    page.publish(calm(AT), { stateChanged: true });
    await page.flush();
    expect(troubles).toEqual(['health.txt', 'health.html']);
    expect(await readdir(folder)).toEqual(['health-data.js']);
  });

  it('writes the past apart, and embeds it in every page from then on', async () => {
    const page = writer({ template: `<html>${SNAPSHOT_PLACE}|${HISTORY_PLACE}</html>` });
    const html = () => readFile(join(folder, 'health.html'), 'utf8');
    page.publish(calm(AT), { stateChanged: true });
    await page.flush();
    expect(await html()).toContain(`|${HISTORY_PLACE}`);
    // The page that stands there has none yet: it is written at once, whatever its rhythm.
    page.publishHistory(past(AT));
    await page.flush();
    expect(await html()).toContain(`|${JSON.stringify(past(AT))}`);
    expect(await readFile(join(folder, 'health-history.js'), 'utf8')).toBe(renderHistoryFile(past(AT)));
    page.publishHistory(past(AT + 1));
    await page.flush();
    expect(await readFile(join(folder, 'health-history.js'), 'utf8')).toBe(renderHistoryFile(past(AT + 1)));
    expect(await html()).toContain(`|${JSON.stringify(past(AT))}`);
    steady = pageEveryMs;
    page.publish(calm(AT + 2), { stateChanged: false });
    await page.flush();
    expect(await html()).toContain(`|${JSON.stringify(past(AT + 1))}`);
  });

  it('takes the past before there is anything else', async () => {
    const page = writer();
    page.publishHistory(past(AT));
    await page.flush();
    expect(await readdir(folder)).toEqual(['health-history.js']);
  });

  it('goes without a page when the program was built without one', async () => {
    const page = writer({ template: undefined });
    page.publish(calm(AT), { stateChanged: true });
    await page.flush();
    expect((await readdir(folder)).sort()).toEqual(['health-data.js', 'health.txt']);
  });

  it('finds the template where the build put it, or does without', async () => {
    const template = await loadTemplate();
    expect(template === undefined || template.includes(SNAPSHOT_PLACE)).toBe(true);
  });
});
