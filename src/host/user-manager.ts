import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { exec } from './exec.ts';

/** The words that send systemctl and systemd-run to a systemd that starts services, and the environment in which they find it. */
export type Systemd = { readonly words: readonly string[]; readonly env: Readonly<Record<string, string>> };

/**
 * Where services are started so that they outlive us. Root's are given to the systemd of the host: its user manager, if it
 * has one at all, ends with root's last login, and a daemon that is a system unit has none.
 */
export async function findSystemd(): Promise<Systemd | undefined> {
  if (process.geteuid?.() !== 0) return await findUserManager();
  // What sd_booted(3) asks.
  return process.platform === 'linux' && existsSync('/run/systemd/system')
    ? await answering({ words: [], env: {} })
    : undefined;
}

/** The systemd manager of our own user, where one runs and answers; it may come and go with our sessions, so ask each time. */
export async function findUserManager(): Promise<Systemd | undefined> {
  const runtime = process.env['XDG_RUNTIME_DIR'] ?? `/run/user/${process.getuid?.() ?? ''}`;
  // The manager's own socket (systemd's user manager listens on it beside D-Bus): without it nobody will answer.
  const socket = statSync(join(runtime, 'systemd/private'), { throwIfNoEntry: false });
  if (process.platform !== 'linux' || socket?.isSocket() !== true) return undefined;
  return await answering({ words: ['--user'], env: { XDG_RUNTIME_DIR: runtime } });
}

async function answering(systemd: Systemd): Promise<Systemd | undefined> {
  const { words, env } = systemd;
  const answer = await exec(['systemctl', ...words, 'show', '--property=Version', '--value'], {
    timeoutMs: 2_000,
    env,
  });
  return answer.ok && answer.stdout.trim() !== '' ? systemd : undefined;
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

/** systemd expands `$NAME` and `${NAME}` in the words of a command; `$$` is a plain `$` to it (systemd.service(5)). */
export function unexpanded(word: string): string {
  return word.replaceAll('$', '$$$$');
}
