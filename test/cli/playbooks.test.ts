import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { serveOperations } from '../../src/http/server.ts';
import { memoryOperations } from '../http/operations.ts';
import { calm } from '../text/samples.ts';
import { type Ran, run } from './run.ts';

const CONFIG = `services:
  hub: { http: http://127.0.0.1:9/, start: [x], playbook: [gentle, service-restart] }
  web: { tcp: 127.0.0.1:9, start: [x] }
logs: [{ match: ~/x/*.log }]
`;
const GENTLE = `# Asks first.
name: gentle
summary: Asks it to reload, and restarts it when that did not help.
for: service
when: [hung]
steps:
  - action: signal-process
    with: { signal: HUP }
  - action: restart-service
`;

let home: string;
const own = (name: string, text: string): void => {
  mkdirSync(join(home, 'playbooks'), { recursive: true });
  writeFileSync(join(home, 'playbooks', `${name}.yaml`), text, { mode: 0o600 });
};
const config = (text: string): void => writeFileSync(join(home, 'config.yaml'), text, { mode: 0o600 });
const jh = (...args: readonly string[]): Promise<Ran> => run('--home', home, ...args);

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'jh-cli-playbooks-'));
  mkdirSync(join(home, 'run'));
  vi.stubEnv('LANG', 'C.UTF-8');
  vi.stubEnv('LC_ALL', '');
  config(CONFIG);
  own('gentle', GENTLE);
  return () => {
    vi.unstubAllEnvs();
    rmSync(home, { recursive: true, force: true });
  };
});

describe('playbooks', () => {
  it('lists shipped and own ones with what they do, when, and who uses them, in 80 columns', async () => {
    own('service-restart', GENTLE.replace('name: gentle', 'name: service-restart').replace('when: [hung]\n', ''));
    const { code, out } = await jh('playbooks');
    expect(code).toBe(0);
    expect(out).toContain('gentle           service  hung           own       hub\n');
    expect(out).toContain('  Asks it to reload, and restarts it when that did not help.\n');
    expect(out).toContain('hung-process     service  hung           shipped   web\n');
    expect(out).toContain('log-too-large    logs     any            shipped   logs\n');
    expect(out).toContain('disk-pressure    disk     any            shipped   nobody\n');
    expect(out).toContain('service-restart  service  any            own       hub, web\n');
    expect(out).toContain(
      'service-restart  service  any            shadowed  nobody\n  Your own service-restart takes its place.\n',
    );
    expect(out).toContain('playbooks/service-restart.yaml takes the place of the shipped playbook');
    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it('lists them for programs too', async () => {
    const { playbooks, troubles } = JSON.parse((await jh('playbooks', 'list', '--json')).out);
    expect(troubles).toEqual([]);
    expect(playbooks).toContainEqual({
      name: 'gentle',
      summary: 'Asks it to reload, and restarts it when that did not help.',
      for: 'service',
      when: ['hung'],
      origin: 'own',
      shadowed: false,
      usedBy: ['hub'],
      byHand: true,
    });
  });

  it('lists them although a playbook or the config is wrong, and says which', async () => {
    own('broken', 'name: broken\nsteps: []\n');
    config('servises: {}\n');
    const { code, out } = await jh('playbooks');
    expect(code).toBe(0);
    expect(out).toContain('playbooks/broken.yaml:1:1 summary is missing');
    expect(out.replace(/\s+/g, ' ')).toContain('The config is refused, so nobody knows who uses them.');
  });

  it('shows one as it is written, or for programs as it is understood', async () => {
    expect((await jh('playbooks', 'show', 'gentle')).out).toBe(GENTLE);
    expect((await jh('playbooks', 'show', 'gateway-restart')).out).toContain('  - action: gateway-cli-restart\n');
    expect(JSON.parse((await jh('playbooks', 'show', 'gentle', '--json')).out)).toMatchObject({
      name: 'gentle',
      sloMs: 900_000,
      origin: 'own',
      file: 'playbooks/gentle.yaml',
      steps: [
        { action: 'signal-process', options: { signal: 'HUP' } },
        { action: 'restart-service', retries: 0 },
      ],
    });
  });

  it.each([
    [['show', 'gentel'], 64, 'PLAYBOOK_UNKNOWN There is no playbook "gentel".\nnext: Did you mean gentle?\n'],
    [['show', 'broken'], 78, 'PLAYBOOK_INVALID playbooks/broken.yaml:1:1 is empty; it is not used\n'],
    [['show'], 64, 'USAGE The name of the playbook is missing.\n'],
    [
      ['run', 'gentle'],
      64,
      'USAGE The target is missing.\nnext: For example: jarvis-health playbooks run gentle hub --dry-run',
    ],
    [['run', 'nothing', 'hub'], 64, 'PLAYBOOK_UNKNOWN There is no playbook "nothing".'],
    [['run', 'gentle', 'hbu'], 64, 'TARGET_UNKNOWN There is no target "hbu".\nnext: Did you mean hub?'],
    [
      ['run', 'gentle', 'logs'],
      64,
      'PLAYBOOK_UNKNOWN The playbook gentle is for service, and logs is logs.\nnext: logs can run: log-too-large.',
    ],
    [['run', 'gateway-restart', 'hub'], 64, 'gateway-cli-restart needs gateway, which its config does not say.'],
    [
      ['run', 'disk-pressure', 'disk'],
      64,
      'disk cannot run the playbook disk-pressure: nothing is configured that may be deleted',
    ],
    [['run', 'gentle', 'hub'], 69, 'DAEMON_NOT_RUNNING'],
    [['list', 'x', 'y', 'z'], 64, 'USAGE'],
  ])('%j ends with %i and a next step', async (args, code, want) => {
    own('broken', '');
    const ran = await jh('playbooks', ...args);
    expect(ran.code).toBe(code);
    expect(ran.err.replace(/(node \S+|jarvis-health)( --home \S+)?(?= playbooks)/, 'jarvis-health')).toContain(want);
  });

  it('runs one through the daemon, as recover does', async () => {
    const { operations, asked } = memoryOperations({ snapshot: calm });
    const { close } = await serveOperations({ socketPath: join(home, 'run/daemon.sock'), operations });
    onTestFinished(close);
    const ran = await jh('playbooks', 'run', 'gentle', 'hub', '--force', '--no-wait');
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(asked[0]).toContain('recover hub');
    expect(asked[0]).toContain('force=true');
  });
});

describe('a wrong playbook', () => {
  it('is shown by config check, with its line, and by doctor', async () => {
    own('gentle', GENTLE.replace('signal-process', 'signal-proces'));
    const check = await jh('config', 'check');
    expect(check.code).toBe(78);
    expect(check.out).toMatch(/^PLAYBOOK_INVALID playbooks\/gentle.yaml:7:5 steps\[0\].action is "signal-proces"/);
    expect(check.out).toContain('    7 |   - action: signal-proces\n');
    expect(JSON.parse((await jh('config', 'check', '--json')).out)).toMatchObject({
      ok: false,
      code: 'PLAYBOOK_INVALID',
      problems: [{ file: 'playbooks/gentle.yaml', line: 7, didYouMean: 'signal-process' }],
    });
    expect((await jh('doctor')).out).toContain('Playbooks: playbooks/gentle.yaml:7:5');
  });

  it('is also one that does not fit the target that names it', async () => {
    own('gentle', `${GENTLE}    verify: { checks: [tcp] }\n`);
    const check = await jh('config', 'check');
    expect(check.code).toBe(78);
    expect(check.out).toContain(
      'playbooks/gentle.yaml:10:24 steps[1].verify.checks[0] is "tcp", which hub does not have',
    );
    own(
      'gentle',
      GENTLE.replace(
        /for: service(.|\n)*/,
        'for: memory\nsteps: [{ action: report-top-processes, with: { count: 3 } }]\n',
      ),
    );
    expect((await jh('config', 'check')).out).toContain(
      'PLAYBOOK_INVALID config.yaml:2:49 hub: the playbook gentle is for memory, not for service',
    );
  });
});
