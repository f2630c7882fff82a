import { describe, expect, it, onTestFinished } from 'vitest';
import { findProcess } from '../../../src/host/find-process.ts';
import { isGateway, mayBeGateway } from '../../../src/host/gateway/recognise-gateway.ts';
import { readProcess } from '../../../src/host/processes.ts';
import { installGateway } from '../../fixtures/gateway/install.ts';
import { startFixture } from '../../fixtures/start.ts';
import { installed, placeOf, running } from './places.ts';

const before = { tracked: undefined, owner: undefined, home: undefined, name: '' };

describe('who holds the port of a gateway', () => {
  it.each(['openclaw', 'clawdbot'] as const)('is no %s because it answers there', async (brand) => {
    const web = await startFixture('web.mjs');
    onTestFinished(web.stop);
    const gateway = await placeOf(installed(brand, web.port));
    const { sight } = await findProcess({ service: 'gateway', port: web.port, gateway }, before);
    expect(sight).toMatchObject({ kind: 'foreign', wasTracked: false, holder: expect.stringContaining('web.mjs') });
  });

  it.skipIf(process.platform !== 'linux')(
    'is not this gateway when its things are in another folder (SKIPPED elsewhere: no environment is shown)',
    async () => {
      const other = installed('openclaw');
      const { pid, port } = await running(other);
      const fake = installGateway(`${other.home}/second`, 'openclaw', port);
      const gateway = await placeOf({ ...fake, home: `${other.home}/second` });
      const facts = await readProcess(pid);
      if (facts === undefined) throw new Error('it does not run');
      expect(await isGateway(gateway, [facts], true)).toBe(false);
      const { sight } = await findProcess({ service: 'gateway', port, gateway }, before);
      expect(sight).toMatchObject({ kind: 'foreign' });
      expect(await isGateway(await placeOf(other), [facts], true)).toBe(true);
    },
  );

  it('proves nothing by its command line alone: it must be at the port', async () => {
    const fake = installed('clawdbot');
    const { pid } = await running(fake);
    const place = { ...(await placeOf(fake)), lockFolders: [] };
    const facts = await readProcess(pid);
    if (facts === undefined) throw new Error('it does not run');
    expect([await isGateway(place, [facts], false), await isGateway(place, [facts], true)]).toEqual([false, true]);
  });
});

describe('what may be watched as a gateway', () => {
  const place = { brand: 'openclaw', stateFolder: '/x', configFile: '/x/c', lockFolders: [], port: 1 } as const;
  // No process has this number, so no environment tells of another folder.
  const may = (argv: readonly string[]) => mayBeGateway(place, { pid: 4_100_000, argv });

  it.each([
    [['openclaw']],
    [['openclaw-gateway   ']],
    [['node', '--import', 'tsx', '/home/u/openclaw/openclaw.mjs', 'gateway']],
    [['/usr/bin/node', '/opt/openclaw/dist/entry.js', 'gateway']],
    [['/usr/bin/docker-proxy', '-proto', 'tcp', '-host-port', '18789']],
    [['ssh', '-N', '-L', '18789:localhost:18789', 'box']],
  ])('%j', (argv) => expect(may(argv)).toBe(true));

  it.each([
    [['python3', '-m', 'http.server', '18789']],
    [['node', '/home/u/openclaw/site/server.mjs']],
    [['clawdbot-gateway']],
    [['caddy', 'file-server', '--root', '/srv', '--browse', '/home/u/openclaw']],
    [[]],
  ])('not %j', (argv) => expect(may(argv)).toBe(false));
});
