import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { shortName } from '../../src/cli/short-name.ts';

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
