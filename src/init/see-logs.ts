import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isBelow } from './folders.ts';
import type { SeenLogs } from './seen.ts';

/**
 * Where an agent and its programs leave logs. Those of the system (/var/log) have a logrotate or newsyslog of their own,
 * and pm2 holds its logs open.
 */
const FOLDERS = ['~/clawd/logs', '~/.clawdbot/logs', '~/.openclaw/logs', '~/Library/Logs/openclaw'];
const TEMPORARY = ['/tmp/openclaw', '/tmp/clawdbot'];
const ENDINGS = ['.log', '.jsonl'];
const MOST_FILES = 2_000;

/** Log files in the known folders and in `logs` of the given ones, one level deep; folders without any are left out. */
export async function seeLogs(homeFolder: string, folders: readonly string[]): Promise<readonly SeenLogs[]> {
  const own = folders.filter((folder) => folder !== homeFolder && isBelow(folder, homeFolder));
  const all = [...FOLDERS.map((path) => path.replace(/^~/, homeFolder)), ...own.map((path) => join(path, 'logs'))];
  const unique = [...new Set([...all, ...TEMPORARY])].filter((path) => !/[*?!()[\]{}\p{Cc}]/u.test(path));
  return (await Promise.all(unique.map(weigh))).flat();
}

async function weigh(folder: string): Promise<readonly SeenLogs[]> {
  const names = await readdir(folder).catch(() => []);
  const found = await Promise.all(
    ENDINGS.map(async (ending) => {
      const ours = names.filter((name) => name.endsWith(ending)).slice(0, MOST_FILES);
      const sizes = await Promise.all(ours.map((name) => stat(join(folder, name)).catch(() => undefined)));
      const files = sizes.filter((one) => one?.isFile() === true);
      return { folder, ending, files: files.length, bytes: files.reduce((sum, one) => sum + (one?.size ?? 0), 0) };
    }),
  );
  return found.filter(({ files }) => files > 0);
}
