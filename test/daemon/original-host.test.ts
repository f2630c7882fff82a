import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { installGateway } from '../fixtures/gateway/install.ts';
import { startProgram } from '../fixtures/start.ts';
import { fixture, freePort, TestDaemon } from '../helpers/daemon.ts';

const example = join(import.meta.dirname, '../../examples/original-host/config.yaml');
// Flask of Debian's packages belongs to Debian's Python, which may not be the first one on PATH.
const python = '/usr/bin/python3';
const hasFlask = spawnSync(python, ['-c', 'import flask'], { stdio: 'ignore' }).status === 0;
const why = hasFlask ? '' : ' (SKIPPED: no Flask for /usr/bin/python3; apt-get install python3-flask)';

describe.skipIf(!hasFlask)(`the example of the original host${why}`, () => {
  test('finds all well beside real stand-ins, and brings back what is killed', async ({ onTestFinished }) => {
    const person = mkdtempSync(join(tmpdir(), 'jh-host-'));
    onTestFinished(() => rmSync(person, { recursive: true, force: true, maxRetries: 3 }));
    cpSync(fixture('original-host'), join(person, 'clawd'), { recursive: true });
    mkdirSync(join(person, 'clawd/logs'));
    const gateway = installGateway(person, 'clawdbot', await freePort());
    const daemon = new TestDaemon(onTestFinished);
    const ports = { FITNESS_PORT: String(await freePort()), HUB_PORT: String(await freePort()) };
    const path = [dirname(python), process.env['PATH']].join(delimiter);
    const env = { ...ports, HOME: person, TMPDIR: join(person, 'tmp'), PATH: path };
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    onTestFinished(() => void vi.unstubAllEnvs());
    const agent = await startProgram(process.execPath, [gateway.entry, 'gateway'], {
      env: { ...process.env, ...gateway.env },
    });
    onTestFinished(agent.stop);

    // The very file: its ports move by variables, as examples/README.md says.
    copyFileSync(example, join(daemon.home, 'config.yaml'));
    expect(daemon.run('config', 'check')).toMatchObject({ code: 0, err: '' });
    await daemon.start();
    for (const name of ['gateway', 'fitness-tracker', 'hub-api']) {
      const { process: found } = await daemon.well(name);
      expect(found?.command, name).toMatch(/clawdbot-gateway|app\.py|hub-api\.py/);
    }
    const targets = (await daemon.snapshot()).targets.map(({ id }) => id);
    expect(targets).toEqual(expect.arrayContaining(['disk', 'memory', 'logs']));

    for (const name of ['fitness-tracker', 'hub-api']) {
      const before = (await daemon.target(name)).process?.pid ?? 0;
      process.kill(before, 'SIGKILL');
      const after = await daemon.well(name, before);
      expect(after.attempts, name).toMatchObject([{ outcome: 'recovered', manual: false }]);
    }
    expect((await daemon.target('gateway')).process?.pid).toBe(agent.pid);
    expect((await daemon.alerts()).filter(({ target }) => !/^(disk|memory)/.test(target))).toEqual([]);
  });
});
