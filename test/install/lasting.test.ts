import { mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { lastingProgram } from '../../src/install/lasting.ts';

it('a copy that npx fetched is not installed', () => {
  const script = '/home/ada/.npm/_npx/abc/node_modules/jarvis-health/bin/jarvis-health.js';
  expect(() => lastingProgram({ node: process.execPath, script })).toThrow(
    expect.objectContaining({ code: 'NOT_LASTING' }),
  );
  expect(lastingProgram({ node: process.execPath, script: '/srv/my_npx/x.js' }, [])).toMatchObject({
    script: '/srv/my_npx/x.js',
  });
});

it('a Node is named by the link that stays when its package is renewed', ({ onTestFinished }) => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'jh-lasting-')));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [cellar, link, other] = ['node-22.1', 'node', 'other'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(cellar, '');
  writeFileSync(other, '');
  symlinkSync(cellar, link);
  const running = { node: cellar, script: '/x.js' };
  expect(lastingProgram(running, [join(folder, 'none'), other, link]).node).toBe(link);
  expect(lastingProgram(running, [other]).node).toBe(cellar);
});
