import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Snapshot } from './core/snapshot.ts';
import { findListeners } from './host/ports.ts';

/** Folders where programs of a personal host leave their logs; looked at when they exist, one level deep. */
const LOG_FOLDERS = [
  '/var/log',
  '~/Library/Logs',
  '~/.pm2/logs',
  '~/clawd/logs',
  '~/.clawdbot/logs',
  '~/.openclaw/logs',
  '/tmp/openclaw',
  '/tmp/clawdbot',
];
const LISTENERS_SHOWN = 50;

/** What is on this host besides the targets: shown, never judged, nothing is ever done about it. */
export async function lookAround(homeFolder: string): Promise<Snapshot['found']> {
  const [listeners, folders] = await Promise.all([
    findListeners().catch(() => []),
    Promise.all(LOG_FOLDERS.map((path) => weigh(path.replace(/^~/, homeFolder)))),
  ]);
  return {
    listeners: listeners
      .slice(0, LISTENERS_SHOWN)
      .map(({ address, port, pid, command }) => ({ address, port, pid, command })),
    logFolders: folders.filter((folder) => folder !== undefined),
  };
}

async function weigh(path: string): Promise<Snapshot['found']['logFolders'][number] | undefined> {
  const names = await readdir(path).catch(() => undefined);
  if (names === undefined) return undefined;
  const sizes = await Promise.all(
    names.map(async (name) => ({ name, file: await stat(join(path, name)).catch(() => undefined) })),
  );
  const files = sizes.flatMap(({ name, file }) => (file?.isFile() === true ? [{ name, bytes: file.size }] : []));
  const largest = files.reduce((most, file) => (file.bytes > most.bytes ? file : most), { name: '', bytes: 0 });
  return {
    path,
    files: files.length,
    bytes: files.reduce((sum, file) => sum + file.bytes, 0),
    largest: largest.name,
    largestBytes: largest.bytes,
  };
}
