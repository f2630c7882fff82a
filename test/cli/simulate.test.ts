import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { wallMs } from '../../src/host/clock.ts';
import type { Episode } from '../../src/simulate/episode.ts';
import { runHost } from '../../src/simulate/virtual-host.ts';
import { initialState } from '../../src/store/state.ts';
import { servicePlan } from '../helpers/plans.ts';
import { type Ran, run } from './run.ts';

const HOUR = 3_600_000;
const CONFIG = `services:
  web: { http: http://127.0.0.1:9/, start: [x] }
disk: []
memory: off
`;

let home: string;
const jh = (...args: readonly string[]): Promise<Ran> => run('--home', home, ...args);
const write = (name: string, text: string): string => {
  writeFileSync(join(home, name), text, { mode: 0o600 });
  return join(home, name);
};

/** Leaves the state that a daemon would have after a crash and a hang that were mended by the first attempt. */
function leaveRecord(): void {
  const to = wallMs();
  const ended = { by: 'attempt', nth: 1, acts: 1, actMs: 1_000, startMs: 1_000 } as const;
  const about = { target: 'web', class: undefined, severity: 'critical', vain: [], ended } as const;
  const episodes: Episode[] = [
    { ...about, from: to - 5 * HOUR, to: to - 4 * HOUR, reason: 'gone' },
    { ...about, from: to - 3 * HOUR, to: to - 2 * HOUR, reason: 'silent' },
  ];
  const plan = servicePlan({ web: { processEveryMs: 5_000 } });
  const { state } = runHost({ plan, episodes, from: to - 6 * HOUR, to, state: initialState(), owners: {} });
  write('state.json', JSON.stringify(state));
}

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'jh-cli-simulate-'));
  mkdirSync(join(home, 'run'));
  vi.stubEnv('LANG', 'C.UTF-8');
  vi.stubEnv('LC_ALL', '');
  write('config.yaml', CONFIG);
  return () => {
    vi.unstubAllEnvs();
    rmSync(home, { recursive: true, force: true });
  };
});

// The whole of planning and judging is loaded for it.
describe('simulate', { timeout: 60_000 }, () => {
  it('puts what is on record beside what this policy and another one would have done, in 80 columns', async () => {
    leaveRecord();
    const policy = write('watch.yaml', 'services: { web: { mode: observe } }\n');
    const before = readdirSync(home);
    const { code, out, err } = await jh('simulate', '--policy', policy);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('2 incidents');
    expect(out).toMatch(/on record +this policy +watch\.yaml/);
    expect(out).toMatch(/^restarts +2 +2 +0$/m);
    expect(out).toMatch(/^alerts +0 +0 +\d+$/m);
    expect(out).toMatch(/^web +2 \/ 0 \/ /m);
    expect(out.replace(/\s+/g, ' ')).toContain('an attempt in it counts as harm');
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(readdirSync(home)).toEqual(before);
  });

  it('gives the same as JSON, with the rules by which it was worked out', async () => {
    leaveRecord();
    const { code, out } = await jh('simulate', '--json', '--days', '7');
    const { columns, ...about } = JSON.parse(out);
    expect(code).toBe(0);
    expect(about).toMatchObject({ enough: true, days: 7, incidents: 2, soft: 0 });
    expect(about.rules).toHaveLength(4);
    expect(columns).toMatchObject([
      { name: 'on record', total: { restarts: 2, needless: 0 }, targets: { web: { restarts: 2 } } },
      { name: 'this policy', total: { restarts: 2 } },
    ]);
  });

  it('says so when nothing is on record', async () => {
    const { code, out } = await jh('simulate');
    expect(code).toBe(0);
    expect(out).toContain('Nothing is recorded yet: there is nothing that another policy could have done otherwise.');
    expect(JSON.parse((await jh('simulate', '--json')).out)).toMatchObject({ enough: false });
  });

  it.each([
    ['polcy: { mode: observe }\n', 'p.yaml:1:1 polcy is no part of a policy', 'did you mean policy?'],
    [
      'services:\n  wbe: { hungAfter: 5s }\n',
      'p.yaml:2:3 services.wbe is no service of the config',
      'did you mean web?',
    ],
    ['services:\n  web:\n    hungAfter: soon\n', 'p.yaml:3:5 services.web.hungAfter is "soon"', 'a duration'],
    ['policy: { cooldwn: 1m }\n', 'p.yaml:1:11 policy.cooldwn', 'did you mean cooldown?'],
    ['disk: [{ path: /nowhere, warning: 50% }]\n', 'p.yaml:1:8 disk[0] is not in the config', 'its path says'],
  ])('refuses a policy file that is wrong with its line and column: %j', async (text, where, what) => {
    leaveRecord();
    const { code, err } = await jh('simulate', '--policy', write('p.yaml', text));
    const said = err.replace(/\s+/g, ' ');
    expect(code).toBe(78);
    expect(said).toContain(where);
    expect(said).toContain(what);
  });

  it('refuses a file that is not there, and days that make no sense', async () => {
    expect((await jh('simulate', '--policy', join(home, 'none.yaml'))).code).toBe(78);
    expect(await jh('simulate', '--days', '0')).toMatchObject({ code: 64 });
    expect(await jh('simulate', '--days', 'many')).toMatchObject({ code: 64 });
  });

  it('lays options over one item of a list and leaves the others alone', async () => {
    write(
      'config.yaml',
      `${CONFIG.replace('disk: []', 'disk: [{ path: /, warning: 80% }, { path: /tmp, warning: 70% }]')}`,
    );
    leaveRecord();
    const policy = write('p.yaml', 'disk: [{ path: /tmp, warning: 101% }]\n');
    expect((await jh('simulate', '--policy', policy)).err).toContain('p.yaml:1:22');
    write('p.yaml', 'disk: [{ path: /tmp, warning: 60% }]\n');
    expect((await jh('simulate', '--policy', policy)).code).toBe(0);
  });
});
