import { readFile } from 'node:fs/promises';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { spoiled } from '../page/hostile.ts';
import { broken } from '../page/snapshots.ts';
import { chromiumPath, whySkipped } from './browser.ts';
import { deskForEach } from './desk-for-each.ts';
import { AT, open, type Shown, STATES } from './states.ts';

const troubled = STATES.incident.snapshot;
const drawsNot = { ...troubled, targets: troubled.targets.map((target) => ({ ...target, checks: null })) };

const ALL: Readonly<Record<string, Shown>> = {
  ...STATES,
  'stale in trouble': { ...STATES.incident, ageMs: 47 * 60_000 },
  'a clock ahead': { ...STATES.calm, ageMs: -4 * 60_000 },
  late: { ...STATES.calm, ageMs: 70_000 },
  'paused and silent': { ...STATES.calm, snapshot: broken(AT) },
  hostile: { ...STATES.incident, snapshot: spoiled(troubled) },
  'a newer daemon': { ...STATES.calm, snapshot: { schema: 2 } as unknown as Snapshot },
  'an error while drawing': { ...STATES.calm, snapshot: drawsNot as unknown as Snapshot },
};

describe.skipIf(chromiumPath === undefined)(`the accessibility check${whySkipped}`, () => {
  const laid = deskForEach();
  let axe = '';
  beforeAll(async () => {
    axe = await readFile(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
  });

  /** In light and in dark. */
  async function findings(page: Page): Promise<readonly string[]> {
    await page.mouse.move(0, 0);
    // The check waits with timers of its own.
    await page.clock.resume();
    await page.evaluate(axe);
    const found: string[] = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const { passes, violations } = await page.evaluate<AxeResults>('axe.run()');
      expect(passes.length).toBeGreaterThan(10);
      found.push(
        ...violations.map(({ id, nodes }) => `${colorScheme}, ${id}: ${nodes.map((node) => node.html).join(' ')}`),
      );
    }
    return found;
  }

  it.each(Object.keys(ALL))('finds nothing: %s', async (name) => {
    const page = await open(laid.desk, laid.template, ALL[name] ?? STATES.calm);
    const row = page.locator('.row-button').first();
    if ((await row.count()) > 0) await row.click();
    expect(await findings(page)).toEqual([]);
  });

  it.each(['All incidents', 'Show as table: Memory used', 'all keys'])(
    'finds nothing in a dialog: %s',
    async (name) => {
      const page = await open(laid.desk, laid.template, STATES.incident);
      await page.getByRole('button', { name }).click();
      await page.locator('dialog').waitFor();
      expect(await findings(page)).toEqual([]);
    },
  );

  it('finds nothing on a phone', async () => {
    const page = await open(laid.desk, laid.template, STATES.incident, {
      viewport: { width: 390, height: 844 },
      hasTouch: true,
    });
    await page.locator('.row-button').first().click();
    expect(await findings(page)).toEqual([]);
  });
});
