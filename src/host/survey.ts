import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { isGatewayCommand } from '../core/gateway.ts';
import { wallMs } from './clock.ts';
import { eachPid, readArgv, readCwd, readEnvironLinux } from './processes-linux.ts';
import { listProcessesMacos } from './processes-macos.ts';
import { isAgentUpdate, workOf } from './work-commands.ts';

/** A reason not to touch a service now. `text` is one plain sentence that quotes the host. */
export type Obstacle = {
  readonly kind: 'work' | 'maintenance-file';
  readonly text: string;
  /** See FoundHold. */
  readonly isWish?: true;
};

type Running = { readonly pid: number; readonly argv: readonly string[]; readonly cwd: string | undefined };

const LOCK_COUNTS_MS = 3_600_000;
const MAINTENANCE_NAMES = new Set(['maintenance', '.maintenance', 'maintenance.lock']);
const AGENT = /openclaw|clawdbot/i;

/**
 * Looks whether somebody works on a service: a build, install, git operation or update that runs in its folder, a git
 * lock younger than an hour, or a file that asks for peace. Without a folder only the update of an agent can be seen.
 * About 4 ms for 100 processes on Linux.
 */
export async function surveyWork(service: {
  readonly folder: string | undefined;
  readonly name: string;
  /** Wall time in ms; now when absent. */
  readonly nowMs?: number;
}): Promise<readonly Obstacle[]> {
  const folder = service.folder === undefined ? undefined : resolve(service.folder);
  const found: Obstacle[] = folder === undefined ? [] : [...filesIn(folder, service.nowMs ?? wallMs())];
  const isAgent = folder === undefined || AGENT.test(`${service.name} ${folder}`);
  await eachRunning((running) => {
    const inside = folder !== undefined && isInside(running.cwd, folder);
    const work = inside ? workOf(running.argv) : undefined;
    if (work !== undefined) found.push(working(`${work} (pid ${running.pid}) runs in ${folder}.`));
    else if (isAgent && isUpdate(running))
      found.push({ ...working(`An update of the agent runs (pid ${running.pid}).`), isWish: true });
  });
  return found;
}

function working(text: string): Obstacle {
  return { kind: 'work', text };
}

async function eachRunning(visit: (running: Running) => void): Promise<void> {
  if (process.platform === 'darwin') {
    for (const one of await listProcessesMacos()) if (one.pid !== process.pid) visit(one);
    return;
  }
  await eachPid((pid) => {
    const argv = readArgv(pid);
    if (argv.length > 0 && pid !== process.pid) visit({ pid, argv, cwd: readCwd(pid) });
  });
}

/** The folder of everything (`/`, the user's home or above) says nothing: then the process must stand in it, not below. */
function isInside(cwd: string | undefined, folder: string): boolean {
  if (cwd === undefined || cwd === folder) return cwd === folder;
  const below = folder === '/' ? '/' : `${folder}/`;
  return cwd.startsWith(below) && !`${homedir()}/`.startsWith(below);
}

function isUpdate({ pid, argv }: Running): boolean {
  if (isAgentUpdate(argv)) return true;
  // The agent marks what its update starts; looked at only in work and where its name stands, for reading an environment
  // costs. The gateway that was started at the end has the mark for as long as it lives.
  const isGateway = isGatewayCommand(argv, 'openclaw') || isGatewayCommand(argv, 'clawdbot');
  return (
    !isGateway &&
    (argv.some((word) => AGENT.test(word)) || workOf(argv) !== undefined) &&
    readEnvironLinux(pid).some((one) => /^OPENCLAW_UPDATE_IN_PROGRESS=./.test(one))
  );
}

function* filesIn(folder: string, nowMs: number): Generator<Obstacle> {
  for (const name of namesIn(folder)) {
    if (!MAINTENANCE_NAMES.has(name) && !name.endsWith('.update.lock')) continue;
    // A folder of this name is somebody's source, not a sign on the door.
    if (lstatSync(join(folder, name), { throwIfNoEntry: false })?.isFile() !== true) continue;
    yield { kind: 'maintenance-file', text: `The file ${join(folder, name)} asks for maintenance.` };
  }
  const lock = join(gitFolderOf(folder), 'index.lock');
  const stat = lstatSync(lock, { throwIfNoEntry: false });
  // An older one was left behind by a git that crashed.
  if (stat !== undefined && nowMs - stat.mtimeMs < LOCK_COUNTS_MS) yield working(`git works on ${folder} (${lock}).`);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** `.git` itself, or where the file `.git` of a worktree or submodule points to (gitrepository-layout(5)). */
function gitFolderOf(folder: string): string {
  const git = join(folder, '.git');
  try {
    const target = /^gitdir: (.*)$/m.exec(readFileSync(git, 'utf8'))?.[1];
    return target === undefined ? git : resolve(folder, target);
  } catch {
    return git; // a folder, or none
  }
}
