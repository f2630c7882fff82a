import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { installGateway } from '../fixtures/gateway/install.ts';
import { run } from './run.ts';

type Finding = { readonly is: string; readonly what: string; readonly text: string; readonly fix?: string };

/** What doctor says about a gateway that is laid out in the home folder. */
async function examined(write: (root: string) => Readonly<Record<string, string>>): Promise<readonly Finding[]> {
  const home = mkdtempSync(join(tmpdir(), 'jh-doctor-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const root = join(home, 'agent');
  mkdirSync(root);
  const env = write(root);
  writeFileSync(join(home, 'config.yaml'), JSON.stringify({ services: { gateway: { preset: 'gateway', env } } }), {
    mode: 0o600,
  });
  const { findings } = JSON.parse((await run('--home', home, 'doctor', '--json')).out);
  return findings.filter(({ what }: Finding) => /gateway|openclaw/i.test(what));
}

test('doctor finds the gateway, and has its command line tell its version with its own Node', async () => {
  const [gateway, commandLine, ...rest] = await examined((root) => ({
    ...installGateway(root, 'openclaw', 19_001).env,
  }));
  expect(gateway).toMatchObject({
    is: 'good',
    what: 'Gateway openclaw 2026.9.6',
    text: expect.stringMatching(/agent\/\.openclaw, port 19001; it does not run$/),
  });
  expect(commandLine).toMatchObject({
    is: 'good',
    text: expect.stringContaining('answers "OpenClaw 2026.9.6 (fake)"'),
  });
  expect(commandLine?.text).toContain('agent/bin/node');
  expect(rest).toEqual([]);
});

test('doctor says when its command line does not work, and which command shows it', async () => {
  const [, commandLine] = await examined((root) => {
    const fake = installGateway(root, 'openclaw', 19_001);
    writeFileSync(fake.entry, 'throw new Error("no such module")');
    return { ...fake.env };
  });
  expect(commandLine).toMatchObject({ is: 'lacks', fix: expect.stringMatching(/node .*openclaw\.mjs --version$/) });
});
