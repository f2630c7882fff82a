// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are what is tested.
import { describe, expect, it } from 'vitest';
import { overridable } from '../../src/config/environment.ts';
import { configSchema } from '../../src/config/schema/config.ts';
import { shapeOf } from '../../src/config/shape.ts';
import { loaded, problems, warnings } from './homes.ts';

describe('environment variables', () => {
  it('win over the file', async () => {
    const env = {
      JARVIS_HEALTH_POLICY_MODE: 'observe',
      JARVIS_HEALTH_ALERTS_COOLDOWN: '30m',
      JARVIS_HEALTH_LIMITS_HOST_ATTEMPTS: '9',
    };
    const { config } = await loaded('policy: { mode: act, cooldown: 1m }\n', env);
    expect(config.policy).toMatchObject({ mode: 'observe', cooldown: 60_000 });
    expect(config.alerts.cooldown).toBe(1_800_000);
    expect(config.limits.hostAttempts).toBe(9);
  });

  it('reach every scalar outside lists and services, and nothing else', () => {
    const names = [...overridable(shapeOf(configSchema)).keys()];
    for (const name of [
      'POLICY_MODE',
      'POLICY_MAX_ATTEMPTS_PER_HOUR',
      'POLICY_LOGS_COOLDOWN',
      'MEMORY_WARNING',
      'MEMORY',
      'SERVER_ENABLED',
      'LOG_LEVEL',
      'HOLDS_AFTER_BOOT',
    ]) {
      expect(names).toContain(`JARVIS_HEALTH_${name}`);
    }
    expect(names.filter((name) => /SERVICES|DISK_PATH|LOGS_MATCH|RECOVER_ON/.test(name))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  });

  it('work without a file, which still is no consent to act', async () => {
    const read = await loaded(undefined, { JARVIS_HEALTH_POLICY_MODE: 'act', JARVIS_HEALTH_MEMORY: 'off' });
    expect(read).toMatchObject({ configured: false, config: { memory: 'off' } });
  });

  it('give way to no shape: memory is off in the file and watched by the variable', async () => {
    const { config } = await loaded('memory: off\n', { JARVIS_HEALTH_MEMORY_WARNING: '70%' });
    expect(config.memory).toMatchObject({ warning: 70, critical: 90 });
  });

  it('are named when their value is wrong', async () => {
    expect(await problems('policy: {}\n', { JARVIS_HEALTH_POLICY_RETRY_EVERY: '2' })).toEqual([
      'JARVIS_HEALTH_POLICY_RETRY_EVERY is 2 without a unit, a duration like 500ms, 30s, 5m, 1h or 7d is needed; did you mean 2s?',
    ]);
  });

  it('that set nothing are reported with what was probably meant; empty ones and our own marks are not', async () => {
    const env = {
      JARVIS_HEALTH_POLICY_MOD: 'observe',
      JARVIS_HEALTH_HOME: '/x',
      JARVIS_HEALTH_SERVICE: 'hub',
      JARVIS_HEALTH_LOG_LEVEL: '',
      JARVIS: 'x',
    };
    expect(await warnings('policy: { mode: act }\n', env)).toEqual([
      'JARVIS_HEALTH_POLICY_MOD is not an option that the environment can set, it is ignored; did you mean JARVIS_HEALTH_POLICY_MODE?',
    ]);
  });
});

describe('${NAME} in a value', () => {
  const web = (rest: string) => `services:\n  web:\n    start: [x]\n    ${rest}\n`;

  it('is replaced, may have a default, and can be escaped', async () => {
    const { config } = await loaded(web('http: http://127.0.0.1:${PORT}/${A:-b}/$${C}'), { PORT: '3000' });
    expect(config.services['web']?.http?.url).toBe('http://127.0.0.1:3000/b/${C}');
  });

  it('must be set, and must be a name', async () => {
    expect(await problems(web('http: http://127.0.0.1:${PORT}/'))).toContain(
      'config.yaml:4:5 services.web.http uses ${PORT}, which is not set in the environment',
    );
    expect((await problems(web('cwd: /srv/${a b}'))).join()).toContain(
      'has a ${ that names no variable; write ${NAME}, or $${ for the characters themselves',
    );
  });

  it('may not bring a secret into what is shown', async () => {
    const found = await problems(web('http: http://127.0.0.1/?t=${API_TOKEN}'), { API_TOKEN: 'hush' });
    expect(found).toEqual([
      'config.yaml:4:5 services.web.http uses ${API_TOKEN}, but this value is shown in many places; secrets go into http.headers or env',
    ]);
  });

  it('cannot smuggle in another option', async () => {
    const { config } = await loaded(web('cwd: /srv/${NAME}'), { NAME: 'a, start: [evil]' });
    expect(config.services['web']).toMatchObject({ start: ['x'], cwd: '/srv/a, start: [evil]' });
  });
});
