import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { exec } from './exec.ts';

/** `--user` for systemctl and systemd-run, with the environment in which they find the manager. */
export type UserManager = { readonly flag: '--user'; readonly env: Readonly<Record<string, string>> };

/** The systemd manager of our own user, where one runs and answers; it may come and go with our sessions, so ask each time. */
export async function findUserManager(): Promise<UserManager | undefined> {
  const runtime = process.env['XDG_RUNTIME_DIR'] ?? `/run/user/${process.getuid?.() ?? ''}`;
  // The manager's own socket (systemd's user manager listens on it beside D-Bus): without it nobody will answer.
  const socket = statSync(join(runtime, 'systemd/private'), { throwIfNoEntry: false });
  if (process.platform !== 'linux' || socket?.isSocket() !== true) return undefined;
  const env = { XDG_RUNTIME_DIR: runtime };
  const answer = await exec(['systemctl', '--user', 'show', '--property=Version', '--value'], {
    timeoutMs: 2_000,
    env,
  });
  return answer.ok && answer.stdout.trim() !== '' ? { flag: '--user', env } : undefined;
}

/**
 * A name as part of a unit name: what is not a letter, digit, `_` or `.` becomes `\xNN`, byte by byte (systemd-escape(1));
 * `-` too, which unit names read as a slash. A name that would not fit (255 characters in all) becomes a digest of it.
 */
export function escapeUnitName(name: string): string {
  const escaped = [...Buffer.from(name)].map((byte, index) => {
    const symbol = String.fromCharCode(byte);
    const plain = /[A-Za-z0-9_]/.test(symbol) || (symbol === '.' && index > 0);
    return plain ? symbol : `\\x${byte.toString(16).padStart(2, '0')}`;
  });
  const unit = escaped.join('');
  return unit.length <= 200 ? unit : createHash('sha256').update(name).digest('hex').slice(0, 32);
}
