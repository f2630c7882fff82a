import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { examineInstall } from '../../src/cli/examine-install.ts';
import { run as install } from '../../src/cli/install.ts';
import { aMac } from './mac.ts';

const plist = 'Library/LaunchAgents/local.jarvis-health.plist';

describe('doctor', () => {
  it('says that nobody starts the daemon, who does, and when that is not to be relied upon', async ({
    onTestFinished,
  }) => {
    const mac = await aMac(onTestFinished);
    const look = () => examineInstall(mac.context, mac.host);
    expect(await look()).toMatchObject([{ is: 'lacks', fix: 'jarvis-health install' }, { is: 'good' }]);

    await install(mac.context, [], {}, mac.host);
    expect(await look()).toMatchObject([
      { is: 'good', text: expect.stringMatching(/launchd agent .* starts it; started again 2 times/) },
      { is: 'good', what: 'Unit file' },
      { is: 'good', what: 'Other healers' },
    ]);

    const text = readFileSync(mac.at(plist), 'utf8');
    writeFileSync(mac.at(plist), text.replace('Interactive', 'Background'));
    expect((await look())[1]).toMatchObject({ is: 'lacks', what: 'Unit file' });

    writeFileSync(mac.at(plist), text.replace(process.execPath, '/gone/node'));
    expect((await look())[0]).toMatchObject({
      is: 'wrong',
      text: expect.stringContaining('/gone/node is not there any more'),
      fix: 'jarvis-health install',
    });
  });

  it('names whatever else restarts the gateway', async ({ onTestFinished }) => {
    const mac = await aMac(onTestFinished);
    writeFileSync(mac.at('Library/LaunchAgents/com.ada.guard.plist'), '<string>clawdbot gateway restart</string>');
    expect((await examineInstall(mac.context, mac.host)).at(-1)).toMatchObject({
      is: 'lacks',
      what: 'Other healers',
      text: 'launchd job com.ada.guard restarts the gateway too: clawdbot gateway restart',
    });
  });
});
