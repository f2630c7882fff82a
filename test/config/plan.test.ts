import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { actionNamed } from '../../actions/index.ts';
import { checkNamed } from '../../checks/index.ts';
import { compilePlan } from '../../src/config/plan.ts';
import type { Plan } from '../../src/core/plan.ts';
import { shippedEquip } from '../helpers/equip.ts';
import { loaded } from './homes.ts';

const found = {
  equip: await shippedEquip(),
  mounts: [
    { path: '/', readOnly: false },
    { path: '/data', readOnly: false },
    { path: '/snap', readOnly: true },
  ],
  homeFolder: '/home/ada',
  home: '/home/ada/jarvis-health',
};
const planOf = async (config: string | undefined, env = {}): Promise<Plan> =>
  compilePlan(await loaded(config, env), found);

/** The example of the interface, to the letter. */
const EXAMPLE = `
services:
  gateway:
    preset: gateway                 # clawdbot or openclaw, found by itself
  fitness-tracker:
    http: http://127.0.0.1:3000/
    start: [python3, app.py]
    cwd: ~/clawd/fitness-tracker
  hub:
    http: { url: http://127.0.0.1:8080/health, status: 200-299, body: ok, timeout: 5s }
    process: { match: hub-api.py }
    tcp: 127.0.0.1:8080
    start: [python3, hub-api.py]
    cwd: ~/clawd/hub
    after: [gateway]                # parents
    unit: hub.service               # owner, when it cannot be found by itself
    every: 10s
    startGrace: 60s
    hungAfter: 60s
    policy: { cooldown: 5m, maxAttemptsPerHour: 3 }
disk:
  - path: /
    warning: 80%
    critical: 90%
    cleanup: [{ folder: ~/clawd/logs, match: "*.log*", olderThan: 30d }]
memory: { warning: 80%, critical: 90% }
logs:
  - match: ~/clawd/**/*.log
    maxSize: 100MB
    keep: 10
    compress: gzip
    every: 60s
policy: { mode: act, failureThreshold: 3, retryEvery: 2s, successThreshold: 2, cooldown: 5m, maxAttemptsPerHour: 3 }   # mode: observe looks only
limits: { hostAttempts: 6, hostWindow: 10m, breakerFor: 30m, maxConcurrent: 2 }
alerts: { after: 3, cooldown: 1h, pendingFile: alert-pending.json }
server: { listen: 127.0.0.1:7717, enabled: true }
`;

describe('without a config', () => {
  it('watches the writable disks and memory, and acts on nothing', async () => {
    const plan = await planOf(undefined);
    expect(plan).toEqual(compilePlan(undefined, found));
    expect(plan).toMatchObject({ mode: 'observe', configured: false });
    expect(Object.keys(plan.checks)).toEqual(['disk:/', 'disk:/data', 'memory:used']);
    expect(Object.values(plan.targets).map(({ id, mode, bringUp }) => [id, mode, bringUp])).toEqual([
      ['disk', 'observe', false],
      ['memory', 'observe', false],
    ]);
  });

  it('observes although the environment says act, and watches / where no disk was found', async () => {
    expect(
      (await planOf(undefined, { JARVIS_HEALTH_POLICY_MODE: 'act', JARVIS_HEALTH_POLICY_DISK_MODE: 'act' })).targets[
        'disk'
      ]?.mode,
    ).toBe('observe');
    expect(Object.keys(compilePlan(undefined, { ...found, mounts: [] }).checks)).toContain('disk:/');
  });
});

describe('the example of the interface', () => {
  it('becomes targets and checks in its order', async () => {
    const plan = await planOf(EXAMPLE);
    expect(plan).toMatchObject({ mode: 'act', configured: true });
    expect(Object.keys(plan.targets)).toEqual(['gateway', 'fitness-tracker', 'hub', 'disk', 'memory', 'logs']);
    expect(Object.keys(plan.checks)).toEqual([
      'gateway:process',
      'gateway:gateway',
      'fitness-tracker:process',
      'fitness-tracker:http',
      'hub:process',
      'hub:http',
      'hub:tcp',
      'disk:/',
      'memory:used',
      'logs:~/clawd/**/*.log',
    ]);
    expect(plan.targets['hub']).toMatchObject({
      parents: ['gateway'],
      unit: 'hub.service',
      because: undefined,
      bringUp: true,
    });
    expect(plan.targets['hub']?.options).toMatchObject({ unit: 'hub.service', port: 8080 });
    expect(plan.checks['hub:process']?.options).toMatchObject({ unit: 'hub.service' });
    expect(plan.limits).toEqual({ hostAttempts: 6, hostWindowMs: 600_000, breakerForMs: 1_800_000, maxConcurrent: 2 });
    expect(plan.alerts).toEqual({ after: 3, cooldownMs: 3_600_000 });
    expect(plan.holds).toEqual({
      afterBootMs: 60_000,
      afterWakeMs: 60_000,
      parentMs: 300_000,
      workMs: 1_800_000,
      terminalMs: 60_000,
    });
  });

  it.each(['0.0.0.0', '[::]', 'localhost'])('has the port of a service that is asked at %s', async (host) => {
    const plan = await planOf(`services: { web: { http: "http://${host}:3000/" } }\n`);
    expect(plan.checks['web:process']?.options).toMatchObject({ port: 3000 });
  });

  it('gives a service its times, its policy and its playbook', async () => {
    const plan = await planOf(EXAMPLE);
    expect(plan.checks['fitness-tracker:process']).toMatchObject({
      everyMs: 250,
      forMs: undefined,
      options: {
        service: 'fitness-tracker',
        port: 3000,
        argv: ['python3', 'app.py'],
        cwd: '/home/ada/clawd/fitness-tracker',
      },
    });
    expect(plan.checks['fitness-tracker:http']).toMatchObject({
      everyMs: 10_000,
      timeoutMs: 10_000,
      failureThreshold: 3,
      retryEveryMs: 2000,
      hungAfterMs: 60_000,
    });
    expect(plan.checks['hub:http']).toMatchObject({
      timeoutMs: 5000,
      options: { statuses: [{ from: 200, to: 299 }], body: 'ok', method: 'GET' },
    });
    expect(plan.checks['hub:tcp']).toMatchObject({ options: { host: '127.0.0.1', port: 8080 } });
    expect(plan.targets['fitness-tracker']).toMatchObject({
      kind: 'service',
      mode: 'act',
      cadenceMs: 10_000,
      bringUp: true,
      because: undefined,
      policy: {
        cooldownMs: 300_000,
        maxAttemptsPerHour: 3,
        forgetAfterMs: 600_000,
        startGraceMs: 60_000,
        startGraceCapMs: 600_000,
        recoverOn: [],
        bringUpTries: 3,
        bringUpBackoffMs: 2000,
      },
      playbooks: [
        {
          name: 'hung-process',
          when: ['hung'],
          steps: [
            {
              action: 'restart-service',
              recovers: true,
              options: { logFile: '/home/ada/jarvis-health/logs/services/fitness-tracker.log' },
            },
          ],
        },
        { name: 'port-conflict' },
        { name: 'service-restart' },
      ],
    });
  });

  it('gives disks, memory and logs theirs', async () => {
    const plan = await planOf(EXAMPLE);
    expect(plan.checks['disk:/']).toMatchObject({
      everyMs: 60_000,
      forMs: 60_000,
      options: { path: '/', warningPercent: 80, criticalPercent: 90, clearPercentPoints: 5 },
    });
    expect(plan.checks['memory:used']).toMatchObject({ forMs: 300_000 });
    expect(plan.checks['logs:~/clawd/**/*.log']).toMatchObject({
      target: 'logs',
      name: 'log-size',
      forMs: 0,
      options: { match: '/home/ada/clawd/**/*.log', maxBytes: 100_000_000 },
    });
    expect(plan.targets['disk']?.playbooks[0]).toMatchObject({
      name: 'disk-pressure',
      steps: [
        {
          action: 'clean-disk',
          checks: ['disk:/'],
          options: { rules: [{ folder: '/home/ada/clawd/logs', olderThanMs: 2_592_000_000 }] },
        },
      ],
    });
    expect(plan.targets['memory']?.playbooks).toMatchObject([
      { name: 'memory-pressure', steps: [{ recovers: false }] },
    ]);
    expect(plan.targets['logs']).toMatchObject({
      policy: { cooldownMs: 60_000, maxAttemptsPerHour: 12 },
      playbooks: [{ name: 'log-too-large' }],
    });
  });

  it.each(['example', 'nothing'])('hands every check and action options that it takes (%s)', async (which) => {
    const secrets =
      '\n  api:\n    start: [a, ~/b]\n    env: { TOKEN: x }\n    http: { url: "https://[::1]/", headers: { Cookie: x } }\n';
    const plan = await planOf(which === 'nothing' ? undefined : EXAMPLE.replace('\ndisk:', `${secrets}disk:`));
    for (const check of Object.values(plan.checks))
      expect(v.safeParse(checkNamed(check.name)?.options ?? v.never(), check.options).issues).toBeUndefined();
    for (const { playbooks, byHand } of Object.values(plan.targets)) {
      for (const step of [...playbooks, ...byHand].flatMap(({ steps }) => steps))
        expect(v.safeParse(actionNamed(step.action)?.options ?? v.never(), step.options).issues).toBeUndefined();
    }
  });
});

describe('a plan', () => {
  it('watches / and memory although a config does not mention them, unless they are switched off', async () => {
    expect(Object.keys((await planOf('policy: { mode: act }')).checks)).toEqual(['disk:/', 'memory:used']);
    expect((await planOf('disk: []\nmemory: off')).targets).toEqual({});
    expect((await planOf('disk: off\nmemory: false')).targets).toEqual({});
  });

  it('says why nothing may be done', async () => {
    const plan = await planOf('services: { db: { tcp: 127.0.0.1:5432 } }');
    expect(plan.targets['db']?.because).toBe(
      'no start command or owner is known; add `start:` with the command that starts it, or `unit:` with its owner',
    );
    expect(plan.targets['db']?.needsOwner).toBe(true);
    expect(plan.targets['disk']?.because).toContain('add `cleanup:`');
  });

  it('derives time-outs and distances from hungAfter', async () => {
    const times = async (hungAfter: string) => {
      const { checks } = await planOf(`services: { web: { http: http://127.0.0.1/, hungAfter: ${hungAfter} } }`);
      return [checks['web:http']?.everyMs, checks['web:http']?.timeoutMs];
    };
    expect(await times('5s')).toEqual([5000, 1667]);
    expect(await times('1s')).toEqual([1000, 1000]);
    expect(await times('90s')).toEqual([10_000, 10_000]);
  });

  it('lets an answer be as late as its timeout, unless it is told what slow is', async () => {
    const slow = async (http: string) =>
      (await planOf(`services: { web: { http: ${http} } }`)).checks['web:http']?.options;
    expect(await slow('http://127.0.0.1/')).not.toHaveProperty('slowMs');
    expect(await slow('{ url: http://127.0.0.1/, slow: 2s }')).toMatchObject({ slowMs: 2_000 });
  });

  it('takes the port of a service only from an address on this host', async () => {
    const port = async (service: string) =>
      (await planOf(`services: { web: { ${service} } }`)).checks['web:process']?.options;
    expect(await port('http: https://localhost/')).toMatchObject({ port: 443 });
    expect(await port('tcp: "[::1]:99"')).toMatchObject({ port: 99 });
    expect(await port('http: http://example.org/, tcp: 127.0.0.1:5')).toMatchObject({ port: 5 });
    expect(await port('http: http://10.0.0.1:8080/')).not.toHaveProperty('port');
  });

  it('observes everything in observe mode, and one service alone where it asks for it', async () => {
    const modes = async (config: string) =>
      Object.values((await planOf(config)).targets).map(({ id, mode, bringUp }) => `${id} ${mode} ${bringUp}`);
    const services =
      'services: { a: { start: [x] }, b: { start: [x], mode: observe }, c: { start: [x], mode: act } }\nmemory: off\n';
    expect(await modes(services)).toEqual(['a act true', 'b observe false', 'c act true', 'disk act false']);
    expect(await modes(`${services}policy: { mode: observe }`)).toEqual([
      'a observe false',
      'b observe false',
      'c observe false',
      'disk observe false',
    ]);
  });

  it('lets a service set its own policy and follow the common one in the rest', async () => {
    const plan = await planOf(
      'policy: { cooldown: 9m, failureThreshold: 5 }\nservices: { a: { start: [x], http: http://127.0.0.1/, policy: { failureThreshold: 1, recoverOn: [5xx, wrong-answer] } } }',
    );
    expect(plan.targets['a']?.policy).toMatchObject({ cooldownMs: 540_000, recoverOn: ['failing', 'wrong-answer'] });
    expect(plan.checks['a:http']).toMatchObject({ failureThreshold: 1 });
  });

  it('changes the fingerprint of a target with its part of the config, and of no other', async () => {
    const prints = async (config: string) =>
      Object.values((await planOf(config)).targets).map(({ fingerprint }) => fingerprint);
    const before = await prints('services: { a: { start: [x] }, b: { start: [y] } }');
    const after = await prints('services: { a: { start: [x, z] }, b: { start: [y] } }');
    expect(after.map((print, index) => print === before[index])).toEqual([false, true, true, true]);
  });
});
