import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Snapshot } from '../core/snapshot.ts';
import { PersonError } from '../errors.ts';
import { monotonicMs } from '../host/clock.ts';
import { listProcesses, type ProcessFacts } from '../host/processes.ts';
import { stopProcess } from '../host/stop-process.ts';
import { ask } from '../http/client.ts';
import { pathsOf } from '../store/home.ts';
import { asSnapshot } from './snapshot.ts';
import { lastWords, spawnDaemon } from './spawn-daemon.ts';

/** A folder of its own with sample services and a daemon of its own. Nothing outside of it is looked at or touched. */
export type Stage = {
  readonly folder: string;
  readonly services: readonly { readonly name: string; readonly port: number }[];
  tell(path: string, body?: Readonly<Record<string, unknown>>): Promise<unknown>;
  state(): Promise<Snapshot>;
  /** Waits until `fact` gives something; throws DAEMON_SILENT when it takes too long. */
  until<T>(fact: (snapshot: Snapshot) => T | undefined): Promise<T>;
  /** Waits so long that a person can read; rejects when the stage is struck. */
  pause(ms: number): Promise<void>;
  /** Ends every process of the stage, sample services too, and removes the folder. */
  strike(): Promise<void>;
};

const PATIENCE_MS = 45_000;
const LOOK_EVERY_MS = 40;

// Answers every request; ends at once when a file `broken` lies beside it.
const SERVICE = `import { createServer } from 'node:http';
import { existsSync } from 'node:fs';
if (existsSync('broken')) { console.error('cannot open my database'); process.exit(1); }
createServer((request, response) => response.end('ok')).listen(Number(process.argv[2]), '127.0.0.1');
`;

export async function buildStage(
  names: readonly string[],
  config: (services: Stage['services'], folder: string) => string,
): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'jarvis-health-demo-'));
  const services = await Promise.all(names.map(async (name) => ({ name, port: await freePort() })));
  writeFileSync(join(folder, 'service.mjs'), SERVICE);
  writeFileSync(join(folder, 'config.yaml'), config(services, folder));
  const { socket } = pathsOf(folder);
  // In a session of its own: Ctrl-C is for the show, which then ends the daemon in order.
  const daemon = spawnDaemon(['start', '--foreground', '--home', folder], folder, folder, envForShow());
  daemon.child.unref();

  const over = new AbortController();
  const pauseHere = (ms: number) => pause(ms, undefined, { signal: over.signal });
  const state = async () => asSnapshot(await ask({ socketPath: socket, path: '/api/v1/state' }));
  async function until<T>(fact: (snapshot: Snapshot) => T | undefined): Promise<T> {
    const beganAt = monotonicMs();
    while (monotonicMs() - beganAt < PATIENCE_MS) {
      const snapshot = await state().catch(() => undefined);
      const found = snapshot === undefined ? undefined : fact(snapshot);
      if (found !== undefined) return found;
      if (daemon.child.exitCode !== null || daemon.child.signalCode !== null) break;
      await pauseHere(LOOK_EVERY_MS);
    }
    throw new PersonError(
      'DAEMON_SILENT',
      ['The show got stuck.', ...lastWords(daemon)].join('\n'),
      'Try again: jarvis-health demo',
    );
  }

  return {
    folder,
    services,
    state,
    until,
    pause: pauseHere,
    tell: (path, body = {}) =>
      ask({ socketPath: socket, method: 'POST', path, body: { by: 'the demo', ...body }, timeoutMs: 30_000 }),
    strike: async () => {
      over.abort();
      await ask({ socketPath: socket, method: 'POST', path: '/api/v1/daemon/stop', body: { by: 'the demo' } }).catch(
        () => undefined,
      );
      // The daemon first: it would start again what is ended under its eyes.
      await endAll(folder, ({ argv }) => argv.includes('--foreground'), 10_000);
      await endAll(folder, () => true, 1_000);
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Without settings that are meant for the daemon of this host. */
function envForShow(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('JARVIS_HEALTH_')));
}

/** The folder's random name is in the command line or is the folder of everything that was started for the show. */
async function endAll(folder: string, which: (facts: ProcessFacts) => boolean, graceMs: number): Promise<void> {
  const ours = (await listProcesses()).filter(
    (facts) =>
      facts.pid !== process.pid &&
      (facts.cwd === folder || facts.argv.some((word) => word.startsWith(folder))) &&
      which(facts),
  );
  await Promise.all(ours.map((facts) => stopProcess(facts, { graceMs, group: false })));
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
