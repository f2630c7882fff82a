import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fixture, freePort, TestDaemon } from '../helpers/daemon.ts';

const QUICK = { cooldown: '200ms', bringUpBackoff: '100ms', retryEvery: '100ms' };
const hasPython = spawnSync('python3', ['-c', 'import sqlite3']).status === 0;

describe.concurrent('the class of a trouble decides what is done', () => {
  test.skipIf(!hasPython)(
    'a web app whose SQLite file is damaged is not started upon it (SKIPPED without python3)',
    async ({ onTestFinished }) => {
      const port = await freePort();
      const daemon = new TestDaemon(onTestFinished);
      const file = join(daemon.home, 'visits.db');
      const store = {
        http: { url: `http://127.0.0.1:${port}/`, every: '300ms' },
        start: ['python3', fixture('store.py'), String(port), file],
        policy: QUICK,
      };
      await daemon.write({ services: { store } }).start();
      await daemon.well('store');
      const [alert] = await daemon.until('a person is told', async () => {
        // Once may be too early: what is just committed is written over it.
        writeFileSync(file, Buffer.alloc(8_192, 'x'));
        const alerts = await daemon.alerts();
        return alerts.length > 0 ? alerts : undefined;
      });
      expect(alert).toMatchObject({ kind: 'failed', title: 'store has damaged data, and recovery has failed' });
      expect(alert?.body).toMatch(/It last said: sqlite3\.DatabaseError: (file is not a database|database disk image)/);
      const target = await daemon.target('store');
      expect(target).toMatchObject({ class: 'data-corruption', attempts: [] });
      const { out } = daemon.run('explain', 'store');
      expect(out).toContain('data-corruption: its data are damaged');
      const log = readFileSync(join(daemon.home, 'logs/services/store.log'), 'utf8');
      expect(log.match(/^opening /gm)).toHaveLength(1);
      expect(daemon.run('status').out).toContain('data-corruption: It last said: sqlite3');
    },
  );

  test('one that says it is asked too often is not restarted, not even where wrong answers are', async ({
    onTestFinished,
  }) => {
    const port = await freePort();
    const daemon = new TestDaemon(onTestFinished);
    const statusFile = join(daemon.home, 'status');
    const web = {
      http: { url: `http://127.0.0.1:${port}/`, every: '200ms' },
      start: [process.execPath, fixture('web.mjs'), '--port', String(port), '--status-file', statusFile],
      policy: { ...QUICK, recoverOn: ['5xx', 'wrong-answer'] },
    };
    await daemon.write({ services: { web } }).start();
    const before = await daemon.well('web');
    writeFileSync(statusFile, '429');
    const limited = await daemon.until('it is seen', async () => {
      const target = await daemon.target('web');
      return target.class === undefined ? undefined : target;
    });
    expect(limited).toMatchObject({ class: 'rate-limited', status: 'warning', attempts: [] });
    expect(limited.rulings[0]?.text).toContain('that is waited for');
    writeFileSync(statusFile, '200');
    const after = await daemon.well('web');
    expect(after.process?.pid).toBe(before.process?.pid);
    expect((await daemon.snapshot()).incidents).toMatchObject([{ class: 'rate-limited', outcome: 'went-away' }]);
  });

  test('one that refuses its configuration is started once', async ({ onTestFinished }) => {
    const port = await freePort();
    const web = {
      http: `http://127.0.0.1:${port}/`,
      start: [process.execPath, fixture('web.mjs'), '--exit', '78'],
      policy: QUICK,
    };
    const daemon = await new TestDaemon(onTestFinished).write({ services: { web } }).start();
    const target = await daemon.until('it is given up', async () => {
      const seen = await daemon.target('web');
      return seen.class === 'refused-configuration' ? seen : undefined;
    });
    expect(target.attempts).toEqual([]);
    expect(target.evidence?.[0]).toContain('exit status 78');
    const log = readFileSync(join(daemon.home, 'logs/services/web.log'), 'utf8');
    expect(log.match(/^reading the configuration$/gm)).toHaveLength(1);
  });

  test('one whose module is missing gets no further try, and a person hears which', async ({ onTestFinished }) => {
    const port = await freePort();
    const daemon = new TestDaemon(onTestFinished);
    const program = join(daemon.home, 'app.cjs');
    writeFileSync(program, "console.log('begins');\nrequire('no-such-module');\n");
    const web = { http: `http://127.0.0.1:${port}/`, start: [process.execPath, program], policy: QUICK };
    await daemon.write({ services: { web } }).start();
    const [alert] = await daemon.until('a person is told', async () => {
      const alerts = await daemon.alerts();
      return alerts.length > 0 ? alerts : undefined;
    });
    expect(alert).toMatchObject({
      kind: 'failed',
      title: 'web lacks something that it needs, and recovery has failed',
    });
    expect(alert?.body).toContain("It last said: Error: Cannot find module 'no-such-module'");
    expect(await daemon.target('web')).toMatchObject({
      class: 'dependency-missing',
      attempts: [{ outcome: 'not-recovered' }],
    });
    const log = readFileSync(join(daemon.home, 'logs/services/web.log'), 'utf8');
    // Brought up once, and one attempt.
    expect(log.match(/^begins$/gm)).toHaveLength(2);
  });
});
