import { mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createContext } from '../../src/cli/context.ts';
import { homeIn, homeOf } from '../../src/cli/home-of.ts';
import { quickStatus } from '../../src/cli/quick.ts';
import { run } from './run.ts';

it.each([
  ['the option', '/a', { JARVIS_HEALTH_HOME: '/b' }, '/a'],
  ['the environment', undefined, { JARVIS_HEALTH_HOME: '/b' }, '/b'],
  ['a visible folder at home', undefined, { HOME: '/home/ada' }, '/home/ada/jarvis-health'],
  ['the home of the account when HOME is not set', undefined, {}, join(homedir(), 'jarvis-health')],
  ['~ in an option', '~/x', { HOME: '/home/ada' }, '/home/ada/x'],
])('the home folder is %s', (_, option, env, want) => {
  expect(homeOf(option, env)).toBe(want);
});

it.each([[['status', '--home', '/x']], [['--home=/x', 'status']]])(
  '%j means its home folder before it is read',
  (args) => {
    expect(homeIn(args, {})).toBe('/x');
  },
);

it.each([
  [{ LANG: 'de_DE.UTF-8' }, true],
  [{ LANG: 'en_US.utf8' }, true],
  [{ LANG: 'de_DE.UTF-8', LC_ALL: 'C' }, false],
  [{ LC_CTYPE: 'C.UTF-8' }, true],
  [{}, process.platform === 'darwin'],
])('with %j signs are UTF-8: %s', (env, unicode) => {
  expect(createContext({}, env).paper().unicode).toBe(unicode);
});

it('colours nothing that is not read by a person on a terminal', () => {
  expect(createContext({}, { TERM: 'xterm' }).paper().color).toBe(process.stdout.isTTY === true);
  expect(createContext({ color: false }, { TERM: 'xterm' }).paper().color).toBe(false);
  expect(createContext({}, { TERM: 'xterm', NO_COLOR: '1' }).paper().color).toBe(false);
  expect(createContext({}, { TERM: 'dumb' }).paper().color).toBe(false);
});

it('every hint is for the home folder that was asked about', async () => {
  const home = mkdtempSync(join(tmpdir(), 'jh-elsewhere-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  for (const words of [['status'], ['explain', 'hub']]) {
    const { out, err } = await run('--home', home, ...words);
    expect(out + err).toContain(` --home ${home} start`);
  }
  const { out } = await run('--home', home, 'doctor');
  for (const command of ['init', 'start', 'install'])
    expect(out.replace(/\s+/g, ' ')).toContain(` --home ${home} ${command}`);
});

it.each([
  [['status', '--watch']],
  [['status', '--help']],
  [['explain', 'status']],
  [['status', '--config', 'x']],
  [['status', 'status']],
  [['hold', 'x']],
  [['status', '--home']],
])('%j is not a plain status and is read by the parser', (args) => {
  expect(quickStatus(args)).toBeUndefined();
});
