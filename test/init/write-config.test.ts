import { describe, expect, it } from 'vitest';
import { type Agreement, SAFE } from '../../src/init/proposal.ts';
import { propose } from '../../src/init/propose.ts';
import type { SeenService } from '../../src/init/seen.ts';
import { writeConfig } from '../../src/init/write-config.ts';
import { loaded, problems, warnings } from '../config/homes.ts';
import { HOME, port, program, seen, service, userUnit } from './samples.ts';

const ALL: Agreement = { owners: true, starts: new Set(['fitness-tracker', 'hub-api', 'gateway', 'a']), logs: true };
const NONE: Agreement = { owners: false, starts: new Set(), logs: false };

const logs = [{ folder: `${HOME}/clawd/logs`, ending: '.log', files: 2, bytes: 5e6 }];
const hub = service({ owner: userUnit, ports: [port(8080, { kind: 'healthy', path: '/health' })] });

function written(services: readonly SeenService[], agreed: Agreement, more = {}): string {
  return writeConfig(propose(seen(services, { logs, ...more })), agreed, HOME);
}

const gateway = {
  brand: 'openclaw',
  port: 18_789,
  runs: true,
  owner: undefined,
  unit: undefined,
  start: ['/usr/bin/node', '/opt/bin/openclaw', 'gateway'],
} as const;

const troubles = async (text: string) => [...(await problems(text)), ...(await warnings(text))];

describe('the config that is written', () => {
  it.each([
    ['safe', SAFE],
    ['all', ALL],
    ['none', NONE],
  ])('is taken by the loader without a word, when agreed was: %s', async (_, agreed) => {
    expect(await troubles(written([service(), hub], agreed))).toEqual([]);
    expect(await troubles(written([service()], agreed, { gateway }))).toEqual([]);
    expect(await troubles(written([], agreed, { logs: [] }))).toEqual([]);
    expect(await troubles(written([], agreed, { disks: [] }))).toEqual([]);
  });

  it('acts by the safe agreement through owners, and on nothing else', async () => {
    const { config } = await loaded(written([service(), hub], SAFE));
    expect(config.services['hub']).toMatchObject({
      unit: 'hub.service',
      http: { url: 'http://127.0.0.1:8080/health' },
    });
    expect(config.services['hub']?.mode).toBeUndefined();
    expect(config.services['fitness-tracker']?.start).toBeUndefined();
    expect(config.policy.logs?.mode).toBe('observe');
  });

  it('watches what has another port at every start by its owner alone', async () => {
    const text = written([service({ owner: userUnit, ports: [port(45_000)] })], SAFE);
    expect(await troubles(text)).toEqual([]);
    expect((await loaded(text)).config.services['hub']).toMatchObject({ unit: 'hub.service' });
    expect(text).not.toContain('45000/');
  });

  it('acts on nothing where nothing was agreed to', async () => {
    const { config } = await loaded(written([service(), hub], NONE));
    expect(config.services['hub']).toMatchObject({ unit: 'hub.service', mode: 'observe' });
    expect(config.services['fitness-tracker']?.start).toBeUndefined();
  });

  it('starts and rotates what was agreed to', async () => {
    const { config } = await loaded(written([service()], ALL));
    expect(config.services['fitness-tracker']).toMatchObject({
      start: ['python3', 'app.py'],
      cwd: '~/clawd/fitness-tracker',
    });
    expect((await loaded(written([], ALL, { gateway }))).config.services['gateway']).toMatchObject({
      preset: 'gateway',
      start: ['/usr/bin/node', '/opt/bin/openclaw', 'gateway'],
    });
    expect(config.policy.logs?.mode).not.toBe('observe');
    expect(config.logs).toMatchObject([{ match: '~/clawd/logs/*.log', keep: 10 }]);
  });

  it('becomes one that starts a service when its # are taken out, as it says', async () => {
    const text = written([service()], SAFE).replace(/^( +)# (start|cwd):/gm, '$1$2:');
    expect((await loaded(text)).config.services['fitness-tracker']?.start).toEqual(['python3', 'app.py']);
    expect(await troubles(text)).toEqual([]);
  });

  it('names its schema for editors, and what was left out', () => {
    const text = written([service({ process: undefined })], SAFE);
    expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=./config.schema.json');
    expect(text).toContain('# - a program on port 3000 cannot be seen from here, as what other users run.');
  });

  it.each([
    ['a b'],
    ['"quoted" \'twice\''],
    ['# no comment'],
    ['key: value'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: our own loader would replace it
    ['${HOME} and $${x} and ${'],
    ['-'],
    ['*star'],
    ['{a: b}'],
    ['true'],
    ['8080'],
    ['1e3'],
    [''],
    ['\n\t\u0007\u007f\u0085\u2028'],
    ['é ü 漢字 😀'],
    ['\u202eevil'],
    ['~'],
    ['@at'],
    ['a,b]'],
    ['back\\slash'],
  ])('gives the argument %j back as it was', async (word) => {
    const argv = ['node', 'web.js', word, 'end'];
    const text = written([service({ process: program(argv, { cwd: `${HOME}/a` }) })], ALL);
    expect((await loaded(text)).config.services['a']?.start).toEqual(argv);
  });

  it('lets nothing that it quotes out of its comment', async () => {
    const argv = ['node', 'x\nservices: { evil: { start: [rm] } }\r\u2028#.js'];
    const text = written([service({ process: program(argv, { cwd: `${HOME}/a\nb: c` }) })], SAFE);
    expect(Object.keys((await loaded(text)).config.services)).toEqual(['a-b-c']);
  });
});
