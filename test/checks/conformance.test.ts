import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { beforeAll, describe, expect, test } from 'vitest';
import { checkNamed, checks } from '../../checks/index.ts';
import { type Running, startFixture, until } from '../fixtures/start.ts';
import { listenTcp } from '../fixtures/tcp.ts';
import { context, folder } from './look.ts';

const STATUSES = ['ok', 'warning', 'critical', 'unknown', 'idle'];
const levels = { warningPercent: 80, criticalPercent: 90, clearPercentPoints: 5 };

let web: Running;
beforeAll(async () => {
  web = await startFixture('web.mjs');
  return web.stop;
});

/** For each check: options that fit this host, and options that fit the schema and nothing else. */
async function samples(): Promise<Record<string, { good: object; garbage: object }>> {
  const home = await folder();
  await mkdir(join(home, 'logs'));
  await writeFile(join(home, 'logs', 'a.log'), 'x'.repeat(100));
  return {
    process: {
      good: { service: 'web', port: web.port },
      garbage: { service: '\u0000\u001b[31m../../<b>', match: '/(a+)+$/', port: 1, argv: ['\u0000'], cwd: '\u0000' },
    },
    http: {
      good: { url: `http://127.0.0.1:${web.port}/` },
      garbage: { url: 'http://127.0.0.1:1/%00%ff?<script>', statuses: [], body: '\u0000', headers: {}, method: 'HEAD' },
    },
    tcp: { good: { host: '127.0.0.1', port: web.port }, garbage: { host: '\u0000 nowhere', port: 65_535 } },
    gateway: {
      good: { gateway: gatewayIn(home, web.port) },
      garbage: { gateway: { ...gatewayIn('\u0000', 1), brand: 'clawdbot', lockFolders: ['\u0000'] }, port: 1 },
    },
    disk: {
      good: { path: '/', ...levels },
      garbage: { path: '\u0000', warningPercent: 0, criticalPercent: 0, clearPercentPoints: 100 },
    },
    memory: { good: levels, garbage: { warningPercent: 100, criticalPercent: 0, clearPercentPoints: 100 } },
    'log-size': {
      good: { match: `${home}/**/*.log`, maxBytes: 50 },
      garbage: { match: '/[!{(\\', maxBytes: 1, archiveFolder: '' },
    },
  };
}

function gatewayIn(folder: string, port: number) {
  return { brand: 'openclaw', stateFolder: folder, configFile: `${folder}/c.json`, lockFolders: [folder], port };
}

/** Whether something of ours still hangs on the event loop that was not there before. */
function openHandles(): number {
  return process.getActiveResourcesInfo().filter((kind) => /TCP|Timeout|GetAddrInfo|FSReq/.test(kind)).length;
}

test('every check is tried here', async () => {
  expect(Object.keys(await samples()).toSorted()).toEqual(checks.map(({ name }) => name).toSorted());
});

describe.each(checks.map((check) => [check.name, check] as const))('%s', (name, check) => {
  const sampleOf = async (kind: 'good' | 'garbage') => {
    const sample = (await samples())[name];
    if (sample === undefined) throw new Error(`no sample for ${name}`);
    return sample[kind];
  };

  test('is found by its name and says in a sentence what it does', () => {
    expect(checkNamed(name)).toBe(check);
    expect(check.summary).toMatch(/^[A-Z].*\.$/);
  });

  test('gives a plain assessment of a host that is well', async () => {
    const seen = await check.look(await sampleOf('good'), context());
    expect(STATUSES).toContain(seen.status);
    expect(seen.message).not.toBe('');
    for (const value of Object.values(seen.metrics ?? {})) expect(Number.isFinite(value)).toBe(true);
  });

  test('garbage is no trouble of the service: it is judged, or could not be looked at', async () => {
    const options = await sampleOf('garbage');
    const seen = await check.look(options, context({ timeoutMs: 500 })).catch((error: unknown) => error);
    if (!(seen instanceof Error)) expect(STATUSES).toContain((seen as { status: string }).status);
  });

  test('is called off at once when its deadline has passed before it begins', async () => {
    const controller = new AbortController();
    controller.abort(new Error('the deadline has passed'));
    const beganAt = performance.now();
    const seen = await check
      .look(await sampleOf('good'), context({ signal: controller.signal }))
      .catch((error: unknown) => error);
    if (!(seen instanceof Error)) expect((seen as { status: string }).status).not.toBe('critical');
    expect(performance.now() - beganAt).toBeLessThan(2_000);
  });

  test('leaves nothing open', async () => {
    const options = await sampleOf('good');
    await check.look(options, context());
    const before = openHandles();
    for (let turn = 0; turn < 5; turn += 1) await check.look(options, context());
    // Not by `expect.poll`: its own deadline is one more timer.
    await until(() => openHandles() <= before);
  });

  test('refuses options of the wrong type, and unknown ones', async () => {
    const good = await sampleOf('good');
    expect(v.safeParse(check.options, good).success).toBe(true);
    for (const wrong of [undefined, null, 'text', 7, [], {}, { ...good, notAnOption: 1 }]) {
      expect(v.safeParse(check.options, wrong).success).toBe(false);
    }
    for (const key of Object.keys(good)) {
      expect(v.safeParse(check.options, { ...good, [key]: { wrong: true } }).success).toBe(false);
      expect(v.safeParse(check.options, { ...good, [key]: Number.NaN }).success).toBe(false);
    }
  });
});

describe('in the middle of a look', () => {
  test.each(['http', 'tcp'])('%s is called off promptly, without a word about the service', async (name) => {
    // 192.0.2.0/24 answers nobody (RFC 5737), or refuses: then a connection that has just been asked for is called off.
    const silent = await listenTcp('silent');
    const options = name === 'http' ? { url: `http://127.0.0.1:${silent.port}/` } : { host: '192.0.2.1', port: 9 };
    const controller = new AbortController();
    const look = checkNamed(name)?.look(options, context({ signal: controller.signal, timeoutMs: 60_000 }));
    if (name === 'http') await silent.connected;
    controller.abort(new Error('called off'));
    const seen = await look?.catch((error: unknown) => error);
    if (!(seen instanceof Error)) expect((seen as { status: string }).status).toBe('unknown');
  });
});
