import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventually, fixture, freePort, TestDaemon } from '../helpers/daemon.ts';

test('what a real daemon has recorded is simulated: this policy does the same, and an observing one restarts nothing', async ({
  onTestFinished,
}) => {
  const port = await freePort();
  const start = [process.execPath, fixture('web.mjs'), '--port', String(port)];
  const daemon = new TestDaemon(onTestFinished).write({
    services: { web: { http: `http://127.0.0.1:${port}/`, start, policy: { cooldown: '1s' } } },
    disk: [],
    memory: 'off',
    logs: [],
  });
  await daemon.start();
  let pid = (await daemon.well('web')).process?.pid ?? 0;
  for (let nth = 1; nth <= 2; nth += 1) {
    process.kill(pid, 'SIGKILL');
    pid = (await daemon.well('web', pid)).process?.pid ?? 0;
    await eventually('the incident is over', async () => {
      const { incidents } = await daemon.snapshot();
      return incidents.length === nth && incidents.every(({ end }) => end !== undefined);
    });
  }
  const { recovery } = await daemon.snapshot();
  expect(recovery).toMatchObject({
    state: 'active',
    figures: { incidents: 2, attempts: 2, helped: 2, falseRecoveries: 1 },
  });
  expect(daemon.run('incidents').out.replace(/\s+/g, ' ')).toContain('2 of 2 attempts helped');
  expect((await daemon.ask('/metrics')).body).toContain('jarvis_health_false_recoveries{target="web"} 1');
  await daemon.kill('SIGTERM');

  const policy = join(daemon.home, 'watch.yaml');
  writeFileSync(policy, 'policy: { mode: observe }\n', { mode: 0o600 });
  const { code, out } = daemon.run('simulate', '--policy', policy, '--json');
  expect(code).toBe(0);
  const { columns, incidents } = JSON.parse(out);
  expect(incidents).toBe(2);
  expect(columns).toMatchObject([
    { name: 'on record', total: { restarts: 2, inVain: 0, needless: 0 } },
    { name: 'this policy', total: { restarts: 2, inVain: 0, needless: 0 } },
    { name: 'watch.yaml', total: { restarts: 0 } },
  ]);
  expect(columns[2].total.downMs).toBeGreaterThan(columns[1].total.downMs);
});
