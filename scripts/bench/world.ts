import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../root.ts';
import { companion, until } from './measure.ts';

export const program = [process.execPath, join(root, 'bin/jarvis-health.js')] as const;
export const webProgram = join(root, 'scripts/bench/web.mjs');

/** Like ours, but free of what a developer's shell may have set. */
const env: NodeJS.ProcessEnv = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith('JARVIS_HEALTH_') && name !== 'NODE_OPTIONS'),
);

function ours(args: readonly string[]): string {
  return execFileSync(program[0], [program[1], ...args], { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

function launch(home: string): string {
  try {
    return ours(['start', '--home', home]);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

export type Daemon = { readonly home: string; readonly pid: number };

/** Runs the daemon in a home folder of its own while `use` lasts; `config` undefined means none at all. */
export async function withDaemon<T>(config: string | undefined, use: (daemon: Daemon) => Promise<T>): Promise<T> {
  const home = mkdtempSync(join(tmpdir(), 'jarvis-health-bench-'));
  try {
    if (config !== undefined) writeFileSync(join(home, 'config.yaml'), config);
    // With a thousand services it may take longer than `start` waits; then it has said so, and goes on by itself.
    const said = launch(home);
    const snapshot = await until(`the daemon is running; start said: ${said}`, 60_000, () => snapshotOf(home));
    return await use({ home, pid: snapshot.daemon.pid });
  } finally {
    try {
      ours(['stop', '--home', home]);
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  }
}

type SnapshotPart = { readonly daemon: { readonly pid: number; readonly state: string } };

async function snapshotOf(home: string): Promise<SnapshotPart | undefined> {
  const { status, body } = await fetchText({ socketPath: join(home, 'run/daemon.sock'), path: '/api/v1/state' });
  const snapshot: SnapshotPart = JSON.parse(body);
  return status === 200 && snapshot.daemon.state === 'running' ? snapshot : undefined;
}

type Address =
  | { readonly socketPath: string; readonly path: string }
  | { readonly port: number; readonly path: string };

/** One GET on a connection of its own. Rejects when nobody answers within two seconds. */
export function fetchText(address: Address): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const request = get({ host: '127.0.0.1', ...address, agent: false, timeout: 2000 }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body })).on('error', reject);
    });
    request.on('timeout', () => request.destroy(new Error('no answer'))).on('error', reject);
  });
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

export type Web = { readonly pid: number; readonly port: number };

/** Runs bare web servers, each a process of its own, while `use` lasts. */
export async function withWebs<T>(count: number, use: (webs: readonly Web[]) => Promise<T>): Promise<T> {
  const children = Array.from({ length: count }, () => companion([process.execPath, webProgram, '0'], env));
  try {
    const lines = await Promise.all(children.map(({ stdout }) => once(stdout, 'data')));
    return await use(children.map(({ pid }, at) => ({ pid, port: Number(String(lines[at])) })));
  } finally {
    await Promise.all(children.map((child) => child.end()));
  }
}

/** The same with one. */
export function withWeb<T>(use: (web: Web) => Promise<T>): Promise<T> {
  return withWebs(1, async ([web]) => {
    if (web === undefined) throw new Error('no web server was started');
    return use(web);
  });
}
