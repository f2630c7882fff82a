import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { listProcesses } from '../../src/host/processes.ts';
import type { RivalGround } from '../../src/install/rivals/find.ts';

/** A host in a folder: its tables are files there, and `crontab` keeps its own in one. */
export function aHost(atEnd: (clean: () => void) => void) {
  const folder = mkdtempSync(join(tmpdir(), 'jh-rivals-'));
  atEnd(() => rmSync(folder, { recursive: true, force: true }));
  const write = (path: string, text: string): string => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  };
  const table = join(folder, 'table');
  const ground: RivalGround = {
    platform: 'linux',
    uid: process.getuid?.() ?? 0,
    homeFolder: folder,
    home: join(folder, 'jarvis-health'),
    etc: join(folder, 'etc'),
    library: join(folder, 'host'),
    // This machine may have rivals of its own, which are none of this test's business.
    processes: async () => (await listProcesses()).filter(({ cwd }) => cwd === folder),
    run: async (argv) => ({
      ok: argv[0] === 'crontab' && existsSync(table),
      exitCode: 0,
      signal: undefined,
      timedOut: false,
      stdout: existsSync(table) ? readFileSync(table, 'utf8') : '',
      stderr: '',
    }),
  };
  return { folder, table, write, ground };
}
