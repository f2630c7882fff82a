import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { HistoryView } from '../../src/core/history-view.ts';
import { eventually, fixture, freePort, TestDaemon } from '../helpers/daemon.ts';

/** What health-history.js hands to a page. */
function pastOf(home: string): HistoryView | undefined {
  const heard: HistoryView[] = [];
  const script = readFileSync(join(home, 'health-history.js'), 'utf8');
  new Function('window', script)({ __jarvisHealthHistory: (history: HistoryView) => heard.push(history) });
  return heard[0];
}

describe('the past of a real daemon', () => {
  test('is there from its second start on, with the half second in which a service was down', async ({
    onTestFinished,
  }) => {
    const port = await freePort();
    const start = [process.execPath, fixture('web.mjs'), '--port', String(port)];
    const daemon = new TestDaemon(onTestFinished).write({
      services: { web: { http: `http://127.0.0.1:${port}/`, start } },
      disk: [],
      logs: [],
    });
    await daemon.start();
    const before = await daemon.well('web');
    process.kill(before.process?.pid ?? 0, 'SIGKILL');
    await daemon.well('web', before.process?.pid);
    expect((await daemon.snapshot()).targets[0]?.recent?.length).toBeGreaterThan(1);
    await daemon.kill('SIGTERM');

    const stoppedAt = Date.now();
    await daemon.start();
    const past = await eventually('the past is written', () => {
      const seen = pastOf(daemon.home);
      return seen !== undefined && seen.writtenAt > stoppedAt ? seen : undefined;
    });
    const [web] = past.targets;
    expect(web?.id).toBe('web');
    // It may be a quarter past just now.
    expect(web?.day.states.slice(-2)).toContain('d');
    expect(web?.month.states.slice(-2)).toContain('d');
    expect(past.ribbon.states.slice(-2)).toContain('d');
    expect(web?.uptime.day.downMs).toBeGreaterThan(0);
    expect(web?.uptime.day.downMs).toBeLessThan(web?.uptime.day.knownMs ?? 0);
    expect(web?.series[0]?.values.some((value) => value !== null)).toBe(true);
    await eventually('the page carries it too', () =>
      readFileSync(join(daemon.home, 'health.html'), 'utf8').includes(`"writtenAt":${past.writtenAt},"ribbon":`),
    );
  });
});
