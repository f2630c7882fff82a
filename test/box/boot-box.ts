import { execFile, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export type Ended = { readonly exitCode: number; readonly stdout: string; readonly stderr: string };

/**
 * A running system of its own: see box.sh. The repository is `/jarvis-health` inside, read-only and readable for all.
 * Tests must await `down()` whatever happens.
 */
export type Box = {
  /** A folder of this machine that is `/out` inside. */
  readonly out: string;
  /** Runs a command inside. `user`: a login of the box, with its user manager's environment. Default deadline 20 s. */
  exec(argv: readonly string[], options?: { user?: string; timeoutMs?: number }): Promise<Ended>;
  /** Adds a user with a user manager that runs without a login, and waits for it. */
  addUser(name: string): Promise<void>;
  /** Pulls the plug and waits until it has booted again; its disk stays. */
  crash(): Promise<void>;
  /** Restarts in order. */
  reboot(): Promise<void>;
  down(): Promise<void>;
};

const script = fileURLToPath(new URL('box.sh', import.meta.url));
const source = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

const tools = [
  'unshare',
  'nsenter',
  'setpriv',
  'pivot_root',
  'ip',
  'systemctl',
  'loginctl',
  'runuser',
  'useradd',
  'dbus-daemon',
];

/** Why no box can be booted on this machine, or `undefined` when one can. */
export function whyNoBox(): string | undefined {
  if (process.platform !== 'linux') return 'needs Linux';
  if (process.getuid?.() !== 0) return 'needs root';
  if (!existsSync('/lib/systemd/systemd')) return 'systemd is not installed';
  const missing = tools.filter((tool) => spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0);
  if (missing.length > 0) return `missing: ${missing.join(', ')}`;
  if (cgroupRoot() === undefined) return 'no cgroup v2 to write to';
  const allowed = spawnSync('unshare', [
    '--mount',
    '--pid',
    '--fork',
    '--cgroup',
    '--net',
    'mount',
    '-t',
    'tmpfs',
    'tmpfs',
    '/mnt',
  ]);
  return allowed.status === 0 ? undefined : 'namespaces are not allowed here';
}

/** Where the unified hierarchy is: alone, or beside version 1 (systemd calls that hybrid). */
function cgroupRoot(): string | undefined {
  for (const folder of ['/sys/fs/cgroup/unified', '/sys/fs/cgroup']) {
    const made = join(folder, `box-try-${process.pid}`);
    if (!existsSync(join(folder, 'cgroup.procs'))) continue;
    try {
      mkdirSync(made);
      rmdirSync(made);
      return folder;
    } catch {
      // Read-only here, as in most containers.
    }
  }
  return undefined;
}

async function until(says: string, holds: () => boolean | Promise<boolean>, timeoutMs = 30_000): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`the box did not come so far: ${says}`);
    await pause(20);
  }
}

function lives(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

export async function bootBox(): Promise<Box> {
  const folder = mkdtempSync(join(tmpdir(), 'jarvis-health-box-'));
  for (const name of ['disk', 'out']) mkdirSync(join(folder, name));
  const out = join(folder, 'out');
  const cgroup = join(cgroupRoot() ?? '', folder.slice(folder.lastIndexOf('/') + 1));
  mkdirSync(cgroup);
  const keeper = spawn('unshare', ['--mount', '--propagation', 'private', 'bash', script, 'keep'], {
    stdio: ['pipe', 'ignore', 'pipe'],
    env: {
      ...process.env,
      BOX: folder,
      BOX_CGROUP: cgroup,
      BOX_NODE: realpathSync(process.execPath),
      BOX_SOURCE: source,
    },
  });
  let said = '';
  keeper.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-4000);
  });
  const ended = new Promise<void>((resolve) => keeper.on('close', () => resolve()));

  const firstProcess = (): number => Number(readFileSync(join(folder, 'pid1'), 'utf8'));

  function exec(argv: readonly string[], options: { user?: string; timeoutMs?: number } = {}): Promise<Ended> {
    const { user, timeoutMs = 20_000 } = options;
    const base = ['env', '-i', 'LANG=C.UTF-8', 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'];
    const asUser = (name: string): string[] => [
      'runuser',
      '-u',
      name,
      '--',
      'sh',
      '-c',
      'cd; export HOME="$PWD" XDG_RUNTIME_DIR="/run/user/$(id -u)"; exec "$@"',
      'sh',
    ];
    const inside = user === undefined ? [...base, 'HOME=/root', ...argv] : [...base, ...asUser(user), ...argv];
    const namespaces = ['-t', String(firstProcess()), '-m', '-p', '-u', '-i', '-n', '-C', '-r', '-w'];
    return new Promise((resolve) => {
      execFile(
        'nsenter',
        [...namespaces, ...inside],
        { timeout: timeoutMs, killSignal: 'SIGKILL' },
        (error, stdout, stderr) => {
          const exitCode = error === null ? 0 : typeof error.code === 'number' ? error.code : 137;
          resolve({ exitCode, stdout, stderr });
        },
      );
    });
  }

  async function ready(formerProcess: number | undefined): Promise<void> {
    await until(`to be up; it said: ${said}`, async () => {
      if (keeper.exitCode !== null) throw new Error(`the box cannot boot: ${said}`);
      if (!existsSync(join(folder, 'pid1')) || firstProcess() === formerProcess) return false;
      const { stdout } = await exec(['systemctl', 'is-system-running']);
      return /^(running|degraded)/.test(stdout);
    });
  }

  async function again(end: (pid: number) => Promise<void> | void): Promise<void> {
    const former = firstProcess();
    await end(former);
    await until('to be down', () => !lives(former));
    await ready(former);
  }

  const box: Box = {
    out,
    exec,
    async addUser(name) {
      const made = await exec(['useradd', '--create-home', '--shell', '/bin/bash', name]);
      const lingers = await exec(['loginctl', 'enable-linger', name]);
      if (made.exitCode !== 0 || lingers.exitCode !== 0)
        throw new Error(`no user ${name}: ${made.stderr}${lingers.stderr}`);
      await until(`a user manager for ${name}`, async () => {
        const { stdout } = await exec(['systemctl', '--user', 'is-system-running'], { user: name });
        return /^(running|degraded)/.test(stdout);
      });
    },
    crash: () => again((pid) => void process.kill(pid, 'SIGKILL')),
    reboot: () => again(async () => void (await exec(['systemctl', 'reboot']))),
    async down() {
      keeper.stdin.end();
      await ended;
    },
  };
  try {
    await ready(undefined);
  } catch (error) {
    await box.down();
    throw error;
  }
  return box;
}
