import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { askHealth } from '../../src/init/ask-health.ts';
import { propose } from '../../src/init/propose.ts';
import { seeHost } from '../../src/init/see-host.ts';
import { installGateway } from '../fixtures/gateway/install.ts';
import { fixture, startProgram } from '../fixtures/start.ts';
import { freePort } from '../helpers/daemon.ts';

function homeFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'jh-init-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function serve(answer: RequestListener): Promise<number> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

describe('what listens is asked how it is', () => {
  const ask = (port: number) => askHealth({ address: '127.0.0.1', port });
  const replying = (statuses: Record<string, number>) =>
    serve((request, response) => response.writeHead(statuses[request.url ?? ''] ?? 404).end(request.url));

  it.each([
    [
      { '/': 200, '/health': 200 },
      { kind: 'healthy', path: '/health' },
    ],
    [{ '/health': 204 }, { kind: 'healthy', path: '/health' }],
    [{ '/': 200 }, { kind: 'page', status: 200 }],
    [
      { '/': 302, '/health': 503 },
      { kind: 'page', status: 302 },
    ],
    [{}, { kind: 'page', status: 404 }],
    [
      { '/': 500, '/health': 500 },
      { kind: 'failing', status: 500 },
    ],
  ])('%j gives %j', async (statuses, answer) => {
    expect(await ask(await replying(statuses))).toEqual(answer);
  });

  it('and an app that gives its front page for everything has no health address', async () => {
    expect(await ask(await serve((_, response) => response.end('the app')))).toEqual({ kind: 'page', status: 200 });
  });

  it('and what speaks no HTTP, or nothing at all, is mute', async () => {
    const server = createTcp((socket) => socket.end('220 mail\r\n')).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    onTestFinished(() => void server.close());
    expect(await ask((server.address() as AddressInfo).port)).toEqual({ kind: 'mute' });
    expect(await askHealth({ address: '127.0.0.1', port: await serve(() => undefined) }, 100)).toEqual({
      kind: 'mute',
    });
  });
});

describe('a real host', () => {
  it('shows a web app of a person, its logs and its disks, and leaves this very program out', async () => {
    const home = homeFolder();
    const folder = join(home, 'clawd/tracker');
    mkdirSync(join(folder, 'logs'), { recursive: true });
    writeFileSync(join(folder, 'logs/web.log'), 'x');
    cpSync(fixture('web.mjs'), join(folder, 'tracker-web.mjs'));
    const port = await freePort();
    const argv = ['tracker-web.mjs', '--port', String(port)];
    const web = await startProgram(process.execPath, argv, { cwd: folder });
    onTestFinished(web.stop);
    const own = await serve((_, response) => response.end());

    const seen = await seeHost({ uid: process.getuid?.() ?? 0, env: {}, homeFolder: home });
    const found = seen.services.find(({ process }) => process?.pid === web.pid);
    expect(found).toMatchObject({ owner: undefined, partOf: undefined, process: { cwd: folder } });
    expect(found?.ports).toMatchObject([{ port, address: '127.0.0.1' }]);
    const mine = seen.services.find(({ ports }) => ports.some((one) => one.port === own));
    expect(mine).toMatchObject({
      partOf: 'jarvis-health',
      ports: expect.arrayContaining([{ port: own, address: '127.0.0.1', answer: { kind: 'not-asked' } }]),
    });
    expect(seen.disks.length).toBeGreaterThan(0);
    expect(seen.memory.usedPercent).toBeGreaterThan(0);

    const proposal = propose(seen);
    expect(proposal.services).toMatchObject([
      {
        name: 'tracker',
        match: 'tracker-web.mjs',
        acts: 'start',
        start: { argv: [process.execPath, ...argv], cwd: folder },
      },
    ]);
    expect(proposal.logs).toContainEqual({ match: '~/clawd/tracker/logs/*.log', why: '1 file, 1 B now' });
  });

  it('shows the gateway that runs, and takes its port for no other service', async () => {
    const home = homeFolder();
    const { bin, entry, env } = installGateway(home, 'openclaw', await freePort());
    const agent = await startProgram(process.execPath, [entry, 'gateway'], {
      cwd: home,
      env: { ...process.env, ...env },
    });
    onTestFinished(agent.stop);
    const asker = { uid: process.getuid?.() ?? 0, homeFolder: home };
    // Where a process shows its environment, its own PATH is enough.
    const seen = await seeHost({ ...asker, env: process.platform === 'linux' ? {} : env });
    expect(seen.gateway).toMatchObject({ brand: 'openclaw', port: agent.port, runs: true, unit: undefined });
    // Whole paths, whatever this shell's PATH: the daemon has yet another one.
    expect(seen.gateway?.start).toEqual([expect.stringMatching(/^\/.*node$/), join(bin, 'openclaw'), 'gateway']);
    expect(seen.services.find(({ process }) => process?.pid === agent.pid)?.partOf).toBe('gateway');
    expect(propose(seen).services).toMatchObject([{ name: 'gateway', look: { kind: 'preset' }, acts: 'start' }]);
  });

  it('shows no gateway where there is none, and one by its folder', async () => {
    const home = homeFolder();
    const asker = { uid: 0, env: {}, homeFolder: home };
    expect((await seeHost(asker)).gateway).toBeUndefined();
    mkdirSync(join(home, '.openclaw'));
    writeFileSync(join(home, '.openclaw/openclaw.json'), '{ gateway: { port: 18999 } }');
    const seen = await seeHost(asker);
    expect(seen.gateway).toMatchObject({ brand: 'openclaw', port: 18_999, runs: false });
  });
});
