import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fixture, freePort, TestDaemon } from '../helpers/daemon.ts';

test('a config that turns bad changes nothing and is shown; the next good one is in force', async ({
  onTestFinished,
}) => {
  const [one, two] = [await freePort(), await freePort()];
  const web = (port: number) => ({
    http: `http://127.0.0.1:${port}/`,
    start: [process.execPath, fixture('web.mjs'), '--port', String(port)],
    policy: { cooldown: '200ms' },
  });
  const config = (services: object, more: object = {}) => ({ services, disk: [], memory: 'off', ...more });
  const daemon = await new TestDaemon(onTestFinished).write(config({ one: web(one) })).start();
  let { process: last } = await daemon.well('one');

  const bad: [string, string][] = [
    ['services:\n  one: { htp: "http://127.0.0.1:1/" }\n', 'did you mean http'],
    ['services: [', 'CONFIG'],
    ['\0binary', 'is a binary file'],
    ['', 'empty'],
  ];
  for (const [text, because] of bad) {
    writeFileSync(join(daemon.home, 'config.yaml'), text);
    await daemon.until(`it is told: ${because}`, async () =>
      (await daemon.snapshot()).daemon.configTrouble?.includes(because) ? true : undefined,
    );
    const status = daemon.run('status').out.replace(/\s+/g, ' ');
    expect(status).toContain('the last good config stays in force');
    expect(status).toMatch(
      /Everything is working .*pass\. One thing to watch: config\.yaml is refused.*; the last good one is in force\./,
    );
  }
  expect(daemon.run('doctor').out.replace(/\s+/g, ' ')).toMatch(
    /Daemon: runs on the last good config: config\.yaml is refused \S.* config check /,
  );
  const file = await daemon.until('health.txt says so', () => {
    const text = readFileSync(join(daemon.home, 'health.txt'), 'utf8').replace(/\s+/g, ' ');
    return text.includes('is refused') ? text : undefined;
  });
  expect(file).toContain('the last good one is in force');
  // Nothing is in trouble, and whoever edits it sees the refusal: an alert is about an incident (DESIGN §6).
  expect(await daemon.alerts()).toEqual([]);
  process.kill(last?.pid ?? 0, 'SIGKILL');
  ({ process: last } = await daemon.well('one', last?.pid));

  daemon.write(config({ one: web(one), two: web(two) }));
  await daemon.well('two');
  expect((await daemon.target('one')).process?.pid).toBe(last?.pid);
  expect((await daemon.snapshot()).daemon.configTrouble).toBeUndefined();
  expect(daemon.run('status').out).not.toMatch(/last good config|One thing to watch/);

  daemon.write(config({ one: web(one), two: web(two) }, { alerts: { pendingFile: 'elsewhere.json' } }));
  const told = async () => (await daemon.snapshot()).daemon.notices.find(({ code }) => code === 'CONFIG_NEEDS_RESTART');
  await daemon.until('it is told what needs a restart', async () =>
    (await told())?.text.startsWith('The change of alerts.pendingFile is in force after') ? true : undefined,
  );
  expect(daemon.run('status').out).toMatch(/jarvis-health\S*(\s+--home\s+\S+)?\s+restart/);
  daemon.write(config({ one: web(one), two: web(two) }));
  await daemon.until('it is told no more', async () => ((await told()) === undefined ? true : undefined));
});
