// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are what is tested.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { effectiveConfig, writeEffective } from '../../src/config/effective.ts';
import { completed } from '../../src/config/plan.ts';
import { writePath } from '../../src/config/shape.ts';
import { loaded } from './homes.ts';

const found = { mounts: [{ path: '/', readOnly: false }] };

async function origins(config: string | undefined, env = {}): Promise<Record<string, string>> {
  const options = effectiveConfig(await loaded(config, env), found);
  return Object.fromEntries(options.map(({ path, value, origin }) => [writePath(path), `${value} | ${origin}`]));
}

describe('config show', () => {
  it('says of every option what it is and where it came from', async () => {
    const shown = await origins(
      'services:\n  web:\n    http: http://127.0.0.1:${PORT}/\n    start: [a, b]\npolicy:\n  cooldown: 10m\n',
      {
        PORT: '3000',
        JARVIS_HEALTH_ALERTS_AFTER: '5',
      },
    );
    expect(shown).toMatchObject({
      'services.web.http.url': 'http://127.0.0.1:3000/ | config.yaml:3',
      'services.web.http.method': 'GET | default',
      'services.web.http.timeout': '10s | default: a third of hungAfter, at least 1s and at most 10s',
      'services.web.start': '["a", "b"] | config.yaml:4',
      'services.web.policy.cooldown': '10m | policy.cooldown',
      'policy.cooldown': '10m | config.yaml:6',
      'policy.logs.cooldown': '1m | default: 1m, rotation is routine',
      'alerts.after': '5 | JARVIS_HEALTH_ALERTS_AFTER',
      'disk[0].path': '/ | default',
      'memory.warning': '80% | default',
    });
  });

  it('says why nothing is acted on without a config', async () => {
    expect((await origins(undefined))['policy.mode']).toBe('observe | without a config nothing is acted on');
    expect((await origins('memory: off\ndisk: []'))['memory']).toBe('off | config.yaml:1');
  });

  it.each(['examples/full.yaml', 'examples/minimal.yaml'])(
    'prints %s so that it can be read again, and means the same',
    async (file) => {
      const text = readFileSync(file, 'utf8').replace(/ *headers:\n.*\n/, '');
      const first = await loaded(text);
      const printed = writeEffective(effectiveConfig(first, found));
      const second = await loaded(printed);
      expect(completed(second, found)).toEqual(completed(first, found));
      // Too long a comment stands on a line of its own, before its option.
      const bare = (yaml: string) => yaml.replace(/^ *#.*\n| *#.*/gm, '');
      expect(bare(writeEffective(effectiveConfig(second, found)))).toBe(bare(printed));
      for (const line of printed.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
    },
  );

  it('quotes names and values that YAML would read otherwise', async () => {
    const first = await loaded(
      'services:\n  "my: app #1":\n    start: ["#x", "- y", "yes: no", ""]\n    http: { url: "http://127.0.0.1/", body: "# {ok" }\n  "8080": { start: [x] }\n  "true": { start: [x] }\n',
    );
    const second = await loaded(writeEffective(effectiveConfig(first, found)));
    expect(completed(second, found).services).toEqual(completed(first, found).services);
  });
});
