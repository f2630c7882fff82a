import { lstatSync, unlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { PersonError } from '../errors.ts';

// sun_path holds 108 bytes on Linux and 104 on macOS, with a closing NUL (unix(7), unix(4)); one limit for both.
const LONGEST_PATH_BYTES = 100;

/** Throws HOME_NOT_WRITABLE when no Unix socket can have this path. */
export function assertSocketPath(socketPath: string): void {
  const bytes = Buffer.byteLength(socketPath);
  if (bytes <= LONGEST_PATH_BYTES) return;
  throw new PersonError(
    'HOME_NOT_WRITABLE',
    `${socketPath} is too long for a Unix socket: ${bytes} bytes, at most ${LONGEST_PATH_BYTES} are possible.`,
    'Choose a home folder with a shorter path (--home or JARVIS_HEALTH_HOME).',
  );
}

/**
 * Makes room for a socket at `socketPath`: removes one that a dead daemon left, and nothing else. Throws DAEMON_RUNNING
 * when somebody answers on it.
 */
export async function clearStaleSocket(socketPath: string): Promise<void> {
  const found = lstatSync(socketPath, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isSocket()) {
    throw new PersonError(
      'HOME_NOT_WRITABLE',
      `${socketPath} is in the way: it is not a socket.`,
      'Move it away and start again.',
    );
  }
  if (await answers(socketPath)) {
    throw new PersonError(
      'DAEMON_RUNNING',
      `A daemon already answers on ${socketPath}.`,
      'See how it is: jarvis-health status. End it: jarvis-health stop.',
    );
  }
  unlinkSync(socketPath);
}

/** Whether anybody accepts connections; only a refusal or a missing file means nobody. */
function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT'),
    );
  });
}
