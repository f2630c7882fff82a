import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { asTyped, COMMANDS } from '../../src/cli/as-typed.ts';
import { commands } from '../../src/cli/commands.ts';
import { shortName, startCommand } from '../../src/host/short-name.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jh-name-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('names the program as this terminal can run it', () => {
  const env = { PATH: folder };
  expect(shortName(env, '/clone/bin/jarvis-health.js', '/clone')).toBe('node bin/jarvis-health.js');
  expect(shortName(env, '/clone/bin/jarvis-health.js', '/clone/docs')).toBe('node /clone/bin/jarvis-health.js');
  expect(shortName(env, "/it's here/jarvis-health.js", '/clone')).toBe("node '/it'\\''s here/jarvis-health.js'");
});

it('is short where it is on the PATH', () => {
  writeFileSync(join(folder, 'jarvis-health'), '');
  expect(shortName({ PATH: `/nowhere:${folder}` }, '/clone/bin/jarvis-health.js', '/clone')).toBe('jarvis-health');
});

it('says how to start the daemon of a home folder from anywhere', () => {
  const script = '/clone/bin/jarvis-health.js';
  expect(startCommand({ PATH: '' }, join(homedir(), 'jarvis-health'), script)).toBe(`node ${script} start`);
  expect(startCommand({ PATH: '' }, '/my home', script)).toBe(`node ${script} --home '/my home' start`);
});

it('puts that name in front of every command that a hint tells to type', () => {
  const env = { PATH: '' };
  const name = shortName(env);
  expect(asTyped('See: jarvis-health logs, or `jarvis-health --once`', env)).toBe(
    `See: ${name} logs, or \`${name} --once\``,
  );
  expect(asTyped('jarvis-health does not end it; ~/jarvis-health stop', env)).toBe(
    'jarvis-health does not end it; ~/jarvis-health stop',
  );
  expect(asTyped('jarvis-health init', env, '/my home')).toBe(`${name} --home '/my home' init`);
  expect(asTyped('jarvis-health --home /b uninstall', env, '/a')).toBe(`${name} --home /b uninstall`);
  expect(asTyped('jarvis-health init', { ...env, JARVIS_HEALTH_HOME: '/a' }, '/a')).toBe(`${name} init`);
  expect(COMMANDS.toSorted()).toEqual(commands.map((command) => command.name).toSorted());
});
