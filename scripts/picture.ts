import { join } from 'node:path';
import type { Snapshot } from '../src/core/snapshot.ts';
import { renderDataFile, renderPage } from '../src/page/render.ts';
import { chromiumPath, launchChromium, layDesk } from '../test/browser/browser.ts';
import { broken } from '../test/page/snapshots.ts';
import { buildPage } from './build-page.ts';
import { root } from './root.ts';

// Takes docs/picture.png: the page as it is built, with a sample host in trouble. Needs Chromium.
//   node --import ./scripts/ts.mjs scripts/picture.ts

const AT = Date.UTC(2026, 10, 21, 12, 17, 4);
const REPLIES_MS = [12, 182, 940, 31, 8, 64, 3, 21];

/** The sample with the words of a real story, and replies that differ. */
function sample(at: number): Snapshot {
  const whole = broken(at);
  const words = [
    ['detected', 'message-gateway stopped running', 'python3 message-gateway.py (pid 812) is gone'],
    ['attempt-started', 'Attempt 1 of 3: restart-service', undefined],
    ['step-failed', 'message-gateway ended with status 1 at once.', 'It last said: lock file already held'],
    ['alert-opened', 'Alert sent: message-gateway stopped running', undefined],
  ] as const;
  const steps = words.map(([kind, text, detail], i) => ({
    at: at - 134_000 + 400 * i,
    kind,
    text,
    ...(detail === undefined ? {} : { detail }),
  }));
  return {
    ...whole,
    targets: whole.targets.map((target, i) => {
      if (target.id === 'message-gateway')
        return {
          ...target,
          state: 'down',
          detail: 'python3 message-gateway.py is gone',
          plan: ['restart-service: start python3 message-gateway.py'],
          limits: { attemptsLastHour: 1, maxAttemptsPerHour: 3, nextAttemptAt: at + 166_000 },
        };
      const replyMs = REPLIES_MS[i];
      if (target.kind !== 'service' || replyMs === undefined) return target;
      return { ...target, replyMs, detail: target.detail.replace('182 ms', `${replyMs} ms`) };
    }),
    verdict: { ...whole.verdict, detail: 'The last attempt is less than 5 min ago; the next one is at 13:19.' },
    incidents: whole.incidents.map((incident) =>
      incident.id === '18'
        ? {
            ...incident,
            title: 'message-gateway stopped running',
            phase: 'detected',
            cause: 'lock file already held',
            steps,
            next: 'The last attempt is less than 5 min ago; next attempt at 13:19.',
          }
        : incident,
    ),
  };
}

if (chromiumPath === undefined) {
  process.stderr.write('There is no Chromium here. next: install it, or set CHROMIUM to its path\n');
  process.exit(69);
}
const browser = await launchChromium();
const desk = await layDesk(browser);
try {
  const snapshot = sample(AT);
  await desk.put('health.html', renderPage((await buildPage(root)).html, snapshot));
  await desk.put('health-data.js', renderDataFile({ ...snapshot, writtenAt: AT + 1 }));
  const page = await desk.open({ at: AT + 2000, viewport: { width: 1100, height: 700 }, colorScheme: 'light' });
  await page.locator('.timeline, h1').first().waitFor();
  await page.clock.runFor(1000);
  await page.getByText('This browser cannot read').waitFor({ state: 'detached' });
  await page.screenshot({ path: join(root, 'docs/picture.png'), fullPage: true });
  process.stdout.write('docs/picture.png\n');
} finally {
  await desk.clear();
  await browser.close();
}
