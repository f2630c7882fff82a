import { execFile } from 'node:child_process';

/** The service manager that waits for word from us: sd_notify(3). */
export type SystemdNotify = {
  /** It ends and restarts us when it hears nothing for so long (sd_watchdog_enabled(3)); `undefined`: it never does. */
  readonly watchdogMs: number | undefined;
  /** False when the words did not get through. Never rejects. */
  tell(...words: readonly string[]): Promise<boolean>;
};

/** systemd-notify(1) takes 4 ms; longer means that the manager itself is busy or stuck. */
const TELL_WITHIN_MS = 5_000;

/**
 * `undefined` when nobody waits. Node has no datagram sockets of the Unix kind, so the words go through
 * systemd-notify(1), a child of ours: the unit needs `NotifyAccess=all`.
 */
export function findNotify(env: NodeJS.ProcessEnv = process.env, pid: number = process.pid): SystemdNotify | undefined {
  const socket = env['NOTIFY_SOCKET'];
  if (!socket) return undefined;
  const path = env['PATH'] ?? '/usr/bin:/bin';
  return {
    watchdogMs: watchdogMsOf(env, pid),
    tell: (...words) =>
      new Promise((resolve) => {
        execFile(
          'systemd-notify',
          [...words],
          { env: { PATH: path, NOTIFY_SOCKET: socket }, timeout: TELL_WITHIN_MS, killSignal: 'SIGKILL' },
          (error) => resolve(error === null),
        );
      }),
  };
}

/** WATCHDOG_PID names whom the request is for: a child that inherits the environment is not watched. */
function watchdogMsOf(env: NodeJS.ProcessEnv, pid: number): number | undefined {
  const watched = env['WATCHDOG_PID'];
  if (watched !== undefined && watched !== String(pid)) return undefined;
  const micros = Number(env['WATCHDOG_USEC']);
  return Number.isFinite(micros) && micros > 0 ? micros / 1_000 : undefined;
}
