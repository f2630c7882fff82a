import { accessSync, constants, existsSync, mkdirSync, type Stats, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PersonError } from '../errors.ts';
import { errnoOf, wordsOf } from './errno.ts';

/** Every place in the home folder, named once. */
export type Paths = ReturnType<typeof pathsOf>;

export type Home = { readonly path: string; readonly paths: Paths };

export function pathsOf(home: string) {
  const at = (...parts: readonly string[]) => join(home, ...parts);
  return {
    config: at('config.yaml'),
    configSchema: at('config.schema.json'),
    state: at('state.json'),
    alertPending: at('alert-pending.json'),
    audit: at('audit.jsonl'),
    token: at('token'),
    pageHtml: at('health.html'),
    pageData: at('health-data.js'),
    pageHistory: at('health-history.js'),
    pageText: at('health.txt'),
    badges: at('badges'),
    playbooks: at('playbooks'),
    history: at('history'),
    logs: at('logs'),
    serviceLogs: at('logs', 'services'),
    run: at('run'),
    socket: at('run', 'daemon.sock'),
    lock: at('run', 'lock'),
    reserve: at('run', 'reserve'),
    alertQueue: at('run', 'alert-queue.json'),
  } as const;
}

/**
 * Makes the home folder and its folders where they are missing (0700) and refuses one that cannot be trusted or
 * used: HOME_NOT_WRITABLE, or HOME_NOT_SAFE when someone else owns it or may write to it. What lies there decides
 * which commands are run, so whoever may write to it may run commands as this user.
 */
export function openHome(path: string): Home {
  const home = resolve(path);
  const paths = pathsOf(home);
  makeFolder(home, home);
  assertOurs(home, statSync(home));
  for (const folder of [paths.run, paths.logs, paths.serviceLogs, paths.history]) makeFolder(home, folder);
  for (const folder of [home, paths.run, paths.logs, paths.serviceLogs, paths.history]) assertWritable(home, folder);
  return { path: home, paths };
}

/** Throws what `openHome` would throw about a home folder that is there. Makes nothing. */
export function assertHome(path: string): void {
  const home = resolve(path);
  const { run, logs, serviceLogs, history } = pathsOf(home);
  assertOurs(home, statSync(home));
  for (const folder of [home, run, logs, serviceLogs, history]) if (existsSync(folder)) assertWritable(home, folder);
}

function makeFolder(home: string, folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700, recursive: true });
  } catch (error) {
    // EEXIST: something that is no folder stands there; ENOTDIR: or one of its parents is none.
    const inTheWay = errnoOf(error) === 'EEXIST' || errnoOf(error) === 'ENOTDIR';
    if (inTheWay) throw notWritable(home, `${folder} is in the way, it is not a folder`, 'Move it away');
    throw notWritable(home, `${folder} cannot be made (${wordsOf(error)})`, nextStep(errnoOf(error), home));
  }
}

function assertOurs(home: string, stat: Stats): void {
  const uid = process.geteuid?.();
  if (uid !== undefined && stat.uid !== uid) {
    throw new PersonError(
      'HOME_NOT_SAFE',
      `${home} belongs to user ${stat.uid}, this is user ${uid}.`,
      'Run it as the owner of the folder, or choose another one with --home.',
    );
  }
  if ((stat.mode & 0o022) !== 0) {
    throw new PersonError(
      'HOME_NOT_SAFE',
      `Others may write to ${home} (mode ${(stat.mode & 0o777).toString(8)}), and so could run commands as you.`,
      `Close it: chmod 700 '${home}'`,
    );
  }
}

function assertWritable(home: string, folder: string): void {
  try {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw notWritable(home, `${folder}: ${wordsOf(error)}`, nextStep(errnoOf(error), home));
  }
}

function nextStep(errno: string | undefined, home: string): string {
  if (errno === 'EROFS') return 'The file system is read-only: mount it writable';
  if (errno === 'ENOSPC' || errno === 'EDQUOT') return 'The disk is full: free some space';
  return `Make it yours: sudo chown -R "$(id -un)" '${home}'`;
}

function notWritable(home: string, why: string, next: string): PersonError {
  return new PersonError(
    'HOME_NOT_WRITABLE',
    `${home} cannot be used: ${why}.`,
    `${next}, or choose another with --home.`,
  );
}
