// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are what is tested.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { effectiveConfig, writeEffective } from '../../src/config/effective.ts';
import { readConfig } from '../../src/config/load.ts';
import { compilePlan } from '../../src/config/plan.ts';
import { Secret } from '../../src/config/secret.ts';
import { homeWith, loaded, reading, warnings } from './homes.ts';

const VALUE = 'hunter2-xyzzy';
const found = { mounts: [], homeFolder: '/home/ada', home: '/home/ada/jarvis-health' };
const text = `services:
  hub:
    http:
      url: http://127.0.0.1:8080/
      headers:
        Authorization: Bearer ${VALUE}
        X-Trace: "1"
        X-Id: \${MY_ID}
    start: [x]
    env: { API_KEY: ${VALUE}, MY_TOKEN: { file: token.txt }, PORT: 8080 }
`;

describe('a secret', () => {
  it('is shown nowhere: not in the config, the plan, config show, or when it is printed', async () => {
    const read = await loaded(text, { MY_ID: VALUE });
    const plan = compilePlan(read, found);
    const shown = [
      JSON.stringify(read.config),
      inspect(read.config, { depth: 20 }),
      JSON.stringify(plan),
      inspect(plan, { depth: 20 }),
      writeEffective(effectiveConfig(read, found)),
    ];
    for (const each of shown) {
      expect(each).not.toContain(VALUE);
      expect(each).toContain('[secret]');
    }
    expect(`${new Secret({ text: VALUE })}`).toBe('[secret]');
  });

  it('is known to the check and the action that need it', async () => {
    const home = homeWith(text);
    writeFileSync(join(home, 'token.txt'), 'from-a-file\n');
    const read = await readConfig({ home, env: {} });
    if (!read.ok) throw new Error('must load');
    const { http, env } = read.loaded.config.services['hub'] ?? {};
    const reveal = (value: string | Secret | undefined) =>
      value instanceof Secret ? value.reveal({ MY_ID: 'me' }) : value;
    expect(reveal(http?.headers?.['Authorization'])).toBe(`Bearer ${VALUE}`);
    expect(reveal(http?.headers?.['X-Id'])).toBe('me');
    expect(http?.headers?.['X-Trace']).toBe('1');
    expect(reveal(env?.['MY_TOKEN'])).toBe('from-a-file');
    expect(env?.['PORT']).toBe('8080');
  });

  it('that is not there is named when it is needed, and the rest of the config still counts', async () => {
    expect(await warnings(text)).toEqual([
      'config.yaml:8:9 services.hub.http.headers.X-Id uses ${MY_ID}, which is not set in the environment',
    ]);
    expect(() => new Secret({ text: '${NOT_SET}' }).reveal({})).toThrow('The environment variable NOT_SET is not set.');
    const folder = homeWith(undefined);
    mkdirSync(join(folder, 'token'));
    expect(() => new Secret({ file: join(folder, 'token') }).reveal()).toThrow('it is a folder');
    expect(() => new Secret({ file: join(folder, 'none') }).reveal()).toThrow('it does not exist');
  });

  it('is in no message about a mistake beside it', async () => {
    const wrong = await reading(
      `services:\n  hub:\n    start: [x]\n    env: { A_TOKEN: [${VALUE}], "B C": ${VALUE} }\n    http: http://ada:${VALUE}@127.0.0.1/\n`,
    );
    if (wrong.ok) throw new Error('must be refused');
    expect(wrong.problems.length).toBe(2);
    expect(JSON.stringify(wrong.problems)).not.toContain(VALUE);
    const broken = await reading(`services:\n  hub:\n    env: { A: "${VALUE}\n`);
    expect(broken.ok ? '' : JSON.stringify(broken.problems)).not.toContain(VALUE);
  });

  it('counts in the fingerprint by its place, not by its value', async () => {
    // Every load has a home folder of its own here, and so another path to the file.
    const print = async (config: string, id: string) =>
      compilePlan(await loaded(config.replace(', MY_TOKEN: { file: token.txt }', ''), { MY_ID: id }), found).targets[
        'hub'
      ]?.fingerprint;
    expect(await print(text, 'a')).toBe(await print(text, 'b'));
    expect(await print(text, 'a')).not.toBe(await print(text.replace('MY_ID', 'HOME'), 'a'));
  });
});
