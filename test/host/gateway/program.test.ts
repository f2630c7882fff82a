import { mkdirSync, realpathSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { isNewEnough } from '../../../src/host/gateway/find-node.ts';
import { findGatewayProgram } from '../../../src/host/gateway/program.ts';
import { argvOfJob, argvOfUnit, findGatewayUnit } from '../../../src/host/gateway/unit-file.ts';
import type { FakeGateway } from '../../fixtures/gateway/install.ts';
import { installed, placeOf, running } from './places.ts';

test.each([
  ['v24.16.0', 'openclaw', true],
  ['v24.15.9', 'openclaw', false],
  ['v26.1.0', 'openclaw', true],
  ['v22.0.0', 'clawdbot', true],
  ['v20.20.2', 'clawdbot', false],
  ['', 'clawdbot', false],
] as const)('Node %s is new enough for %s: %s', (version, brand, is) => {
  expect(isNewEnough(version, brand)).toBe(is);
});

function writeUnit(fake: FakeGateway & { readonly home: string }, more = ''): string {
  const file = join(fake.home, '.config/systemd/user/openclaw-gateway.service');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(
    file,
    `[Service]\nExecStart="${process.execPath}" ${fake.entry} gateway --port 18789\nRestart=always\n${more}`,
  );
  return file;
}

describe('the unit of a gateway', () => {
  it('is the one that its installer wrote, when it is about the same state folder', async () => {
    const fake = installed('openclaw');
    const place = await placeOf(fake);
    expect(findGatewayUnit(place, fake.home, 'linux')).toBeUndefined();
    const file = writeUnit(fake);
    expect(findGatewayUnit(place, fake.home, 'linux')).toEqual({
      name: 'openclaw-gateway.service',
      file,
      argv: [process.execPath, fake.entry, 'gateway', '--port', '18789'],
    });
    writeUnit(fake, 'Environment="OPENCLAW_STATE_DIR=/srv/other"\n');
    expect(findGatewayUnit(place, fake.home, 'linux')).toBeUndefined();
    writeUnit(fake, `Environment=OPENCLAW_STATE_DIR=${fake.state}\n`);
    expect(findGatewayUnit(place, fake.home, 'linux')).toBeDefined();
  });

  it('is a launchd job on macOS, also under its older label', async () => {
    const fake = installed('clawdbot');
    const file = join(fake.home, 'Library/LaunchAgents/com.steipete.clawdbot.gateway.plist');
    mkdirSync(dirname(file), { recursive: true });
    const words = ['/opt/homebrew/bin/node', '/a&amp;b/clawdbot/dist/index.js', 'gateway'];
    const list = words.map((word) => `<string>${word}</string>`).join('\n');
    writeFileSync(file, `<plist><dict><key>ProgramArguments</key>\n<array>\n${list}</array></dict></plist>`);
    expect(findGatewayUnit(await placeOf(fake), fake.home, 'darwin')).toEqual({
      name: 'launchd:com.steipete.clawdbot.gateway',
      file,
      argv: ['/opt/homebrew/bin/node', '/a&b/clawdbot/dist/index.js', 'gateway'],
    });
  });

  it('is as a person has changed it since', async () => {
    const fake = installed('openclaw');
    const place = await placeOf(fake);
    const folder = `${writeUnit(fake)}.d`;
    mkdirSync(folder);
    writeFileSync(join(folder, 'b.conf'), `[Service]\nExecStart=\nExecStart=/opt/n/node \\\n  ${fake.entry} gateway\n`);
    writeFileSync(join(folder, 'a.conf'), '[Service]\nExecStart=/usr/bin/true\n');
    writeFileSync(join(folder, 'c.conf.off'), '[Service]\nExecStart=/usr/bin/false\n');
    const argv = ['/opt/n/node', fake.entry, 'gateway'];
    expect(findGatewayUnit(place, fake.home, 'linux')).toMatchObject({ argv });
    writeFileSync(join(folder, 'd.conf'), '[Service]\nEnvironment=OPENCLAW_STATE_DIR=/srv/other\n');
    expect(findGatewayUnit(place, fake.home, 'linux')).toBeUndefined();
  });

  test('commands that are not there are no words', () => {
    expect(argvOfUnit('[Service]\nType=simple\n')).toEqual([]);
    expect(argvOfJob('<plist/>')).toEqual([]);
  });
});

describe('its own program', () => {
  it('is found on PATH, with the Node beside it', async () => {
    const fake = installed('openclaw');
    const search = { env: fake.env, homeFolder: fake.home };
    expect(await findGatewayProgram(await placeOf(fake), search)).toEqual({
      node: join(fake.bin, 'node'),
      entry: fake.entry,
      version: '2026.9.6',
      from: 'the folder of its command',
    });
  });

  it('is what the unit names, before anything on PATH', async () => {
    const fake = installed('openclaw');
    writeUnit(fake);
    const search = { env: fake.env, homeFolder: fake.home };
    expect(await findGatewayProgram(await placeOf(fake), search)).toMatchObject({
      node: process.execPath,
      from: 'its unit',
    });
  });

  it.runIf(process.platform === 'linux')('has the Node that runs it now (SKIPPED elsewhere: not told)', async () => {
    const fake = installed('openclaw');
    await running(fake);
    const search = { env: fake.env, homeFolder: fake.home };
    expect(await findGatewayProgram(await placeOf(fake), search)).toMatchObject({
      node: realpathSync(process.execPath),
      from: 'the process that runs',
    });
  });

  it('says what is missing', async () => {
    const fake = installed('openclaw');
    const search = { env: { PATH: '' }, homeFolder: fake.home };
    expect(await findGatewayProgram(await placeOf(fake), search)).toEqual({
      missing: 'the command `openclaw` was not found',
    });
    unlinkSync(join(fake.bin, 'node'));
    const old = await findGatewayProgram(await placeOf(fake), { ...search, env: { PATH: fake.bin } });
    if ('missing' in old) expect(old.missing).toContain('no Node of version 24.16 or newer');
    else expect(old.from).not.toBe('the folder of its command');
  });
});
