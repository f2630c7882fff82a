import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Snapshot } from '../../src/core/snapshot.ts';

export const program = join(import.meta.dirname, '../../bin/jarvis-health.js');
export const fixture = (name: string): string => join(import.meta.dirname, '../fixtures', name);

// Below the ports that the kernel hands out by itself, to `listen(0)` and to every outgoing connection.
const PORTS = { from: 20_000, to: 32_000 };

/**
 * A port that nobody listens on and that no other test gets while this process lives: a service that is down must not be
 * answered for by another test's. UDP has port numbers of its own, so a socket there keeps the number and is in nobody's way.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(PORTS.from, PORTS.to);
    if ((await isReserved(port)) && (await isFree(port))) return port;
  }
}

function isReserved(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4').unref();
    socket.once('error', () => resolve(false));
    socket.bind({ address: '127.0.0.1', port, exclusive: true }, () => resolve(true));
  });
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** Waits for a fact, with a deadline far beyond what a busy machine needs. `seen` is what is asked for, or `undefined` while it is not so. */
export async function eventually<T>(
  what: string,
  seen: () => Promise<T | undefined> | T | undefined,
  withinMs = 60_000,
): Promise<T> {
  const deadline = performance.now() + withinMs;
  let last: unknown;
  while (performance.now() < deadline) {
    try {
      const value = await seen();
      if (value !== undefined && value !== false) return value;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`not seen within ${withinMs} ms: ${what}${last === undefined ? '' : ` (${String(last)})`}`);
}

/** A daemon in a home of its own; both, and every service it started, are gone when the test ends. */
export class TestDaemon {
  readonly home = mkdtempSync(join(tmpdir(), 'jh-'));
  process: ChildProcess | undefined;

  readonly env: NodeJS.ProcessEnv;

  /** `atEnd` is the `onTestFinished` of the test's own context: tests run side by side. */
  constructor(atEnd: (clean: () => Promise<void>) => void, env: NodeJS.ProcessEnv = process.env) {
    this.env = env;
    atEnd(async () => {
      await this.kill('SIGKILL');
      this.endServices();
      rmSync(this.home, { recursive: true, force: true, maxRetries: 3 });
    });
  }

  write(config: object): this {
    // JSON is YAML: a test says its config as a value.
    writeFileSync(join(this.home, 'config.yaml'), JSON.stringify(config, undefined, 2), { mode: 0o600 });
    return this;
  }

  async start(...flags: readonly string[]): Promise<this> {
    const child = spawn(process.execPath, [program, 'start', '--foreground', '--home', this.home, ...flags], {
      env: this.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.process = child;
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await eventually('the daemon is ready', async () => {
      if (child.exitCode !== null) return true;
      return (await this.ask('/readyz')).status === 200;
    });
    if (child.exitCode !== null) throw new Error(`the daemon ended with ${child.exitCode}: ${output}`);
    return this;
  }

  /** Runs the command line against this home. */
  run(...args: readonly string[]): { code: number | null; out: string; err: string } {
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, '--home', this.home, ...args], {
      encoding: 'utf8',
      timeout: 30_000,
    });
    return { code: status, out: stdout, err: stderr };
  }

  ask(path: string, body?: object): Promise<{ status: number; body: unknown }> {
    return new Promise((resolve, reject) => {
      const headers = body === undefined ? {} : { 'content-type': 'application/json' };
      const asked = request(
        {
          socketPath: join(this.home, 'run/daemon.sock'),
          path,
          method: body === undefined ? 'GET' : 'POST',
          headers,
          agent: false,
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => {
            const text = Buffer.concat(chunks).toString('utf8');
            resolve({ status: response.statusCode ?? 0, body: text.startsWith('{') ? JSON.parse(text) : text });
          });
        },
      );
      asked.on('error', reject);
      asked.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  async snapshot(): Promise<Snapshot> {
    return (await this.ask('/api/v1/state')).body as Snapshot;
  }

  async target(id: string): Promise<Snapshot['targets'][number]> {
    const target = (await this.snapshot()).targets.find((one) => one.id === id);
    if (target === undefined) throw new Error(`no target ${id}`);
    return target;
  }

  /** `eventually`, with the daemon's own story in the error. */
  async until<T>(what: string, seen: () => Promise<T | undefined> | T | undefined): Promise<T> {
    try {
      return await eventually(what, seen);
    } catch (error) {
      throw new Error(`${error instanceof Error ? error.message : error}\n${this.log().slice(-4_000)}`);
    }
  }

  /** Resolves with the target when it works and is answered by a process other than `notPid`. */
  well(id: string, notPid?: number): Promise<Snapshot['targets'][number]> {
    return this.until(`${id} is well`, async () => {
      const target = await this.target(id);
      const fresh = target.process !== undefined && target.process.pid !== notPid;
      return target.state === 'working' && target.incident === undefined && fresh ? target : undefined;
    });
  }

  async alerts(): Promise<
    { id: string; kind: string; target: string; evidence: string[]; body: string; title: string }[]
  > {
    const { alerts } = JSON.parse(readFileSync(join(this.home, 'alert-pending.json'), 'utf8'));
    return alerts;
  }

  log(): string {
    const folder = join(this.home, 'logs');
    return readdirSync(folder)
      .filter((name) => name.startsWith('daemon.') && name.endsWith('.log'))
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('');
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    const child = this.process;
    this.process = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
  }

  /** Services outlive the daemon by design; they carry the mark of this home, so exactly they are ended. */
  endServices(): void {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      try {
        if (readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`JARVIS_HEALTH_HOME=${this.home}`))
          process.kill(Number(pid), 'SIGKILL');
      } catch {
        // It ended meanwhile, or is not ours to see.
      }
    }
  }
}
