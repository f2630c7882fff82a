import type { Page } from 'playwright-core';
import type { HistoryView } from '../../src/core/history-view.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { renderDataFile, renderHistoryFile, renderPage } from '../../src/page/render.ts';
import { calmSample, emptySample, incidentPast, incidentSample, samplePast } from '../page/sample.ts';
import { stopped } from '../page/snapshots.ts';
import type { Desk } from './browser.ts';

/** When the samples were written: 14:04:24 on the sample's host. */
export const AT = Date.UTC(2026, 10, 21, 13, 4, 24);

export type Shown = {
  readonly snapshot: Snapshot | undefined;
  readonly past: HistoryView | undefined;
  /** How old the data is when the page is opened. */
  readonly ageMs: number;
};

const past = samplePast(AT - 4 * 60_000);

/** The states the design approved pictures of (DASHBOARD.md §14.4). */
export const STATES = {
  calm: { snapshot: calmSample(AT), past, ageMs: 2000 },
  incident: { snapshot: incidentSample(AT), past: incidentPast(AT), ageMs: 2000 },
  stale: { snapshot: calmSample(AT), past, ageMs: 47 * 60_000 },
  stopped: { snapshot: { ...calmSample(AT), daemon: stopped(AT).daemon }, past, ageMs: 9 * 60_000 },
  empty: { snapshot: emptySample(AT), past: undefined, ageMs: 2000 },
  'no-data': { snapshot: undefined, past: undefined, ageMs: 2000 },
} as const satisfies Record<string, Shown>;

/** Lays the files as the daemon leaves them. */
async function lay(desk: Desk, template: string, { snapshot, past }: Shown): Promise<void> {
  await desk.put('health.html', snapshot === undefined ? template : renderPage(template, snapshot, past));
  if (snapshot !== undefined) await desk.put('health-data.js', renderDataFile(snapshot));
  if (past !== undefined) await desk.put('health-history.js', renderHistoryFile(past));
}

/** Opens the page in that state and waits until it has read what is beside it. */
export async function open(
  desk: Desk,
  template: string,
  shown: Shown,
  options: Parameters<Desk['open']>[0] = {},
): Promise<Page> {
  await lay(desk, template, shown);
  const page = await desk.open({ at: AT + shown.ageMs, ...options });
  await page.locator('h1').waitFor();
  await read(page);
  return page;
}

/** Until the files asked for are read: their tags go when they are. */
export async function read(page: Page): Promise<void> {
  await page.locator('script[src]').first().waitFor({ state: 'detached', timeout: 15_000 });
}
