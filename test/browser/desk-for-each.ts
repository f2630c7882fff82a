import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { buildPage } from '../../scripts/build-page.ts';
import { type Desk, launchChromium, layDesk } from './browser.ts';

/** One Chromium and one built page for the tests of a `describe`, and a fresh desk for each; read them while a test runs. */
export function deskForEach(): { readonly browser: Browser; readonly desk: Desk; readonly template: string } {
  const laid = {} as { browser: Browser; desk: Desk; template: string };
  beforeAll(async () => {
    laid.template = (await buildPage(process.cwd())).html;
    laid.browser = await launchChromium();
  });
  afterAll(async () => {
    await laid.browser?.close();
  });
  beforeEach(async () => {
    laid.desk = await layDesk(laid.browser);
  });
  afterEach(() => laid.desk.clear());
  return laid;
}
