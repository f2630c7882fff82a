import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createContext } from '../../src/cli/context.ts';
import { exec } from '../../src/host/exec.ts';
import { serveOperations } from '../../src/http/server.ts';
import type { InstallHost } from '../../src/install/host.ts';
import { version } from '../../src/version.ts';
import { program } from '../helpers/daemon.ts';
import { memoryOperations } from '../http/operations.ts';
import { calm } from '../text/samples.ts';

const fixture = join(import.meta.dirname, '../fixtures/launchctl.sh');

/** A Mac of one user, played by this machine: a home folder, a launchctl, and a daemon that answers. */
export async function aMac(atEnd: (clean: () => Promise<void>) => void) {
  const folder = mkdtempSync(join(tmpdir(), 'jh-mac-'));
  const at = (...parts: readonly string[]): string => join(folder, ...parts);
  const home = at('jarvis-health');
  for (const path of ['bin', 'launchctl', 'jarvis-health/run', 'Library/LaunchAgents', 'host/LaunchAgents', 'etc'])
    mkdirSync(at(path), { recursive: true });
  for (const [name, text] of [
    ['launchctl', `#!/bin/sh\nLAUNCHCTL='${at('launchctl')}' exec '${fixture}' "$@"\n`],
    ['id', '#!/bin/sh\n[ "$2" = bob ] && echo "bob:*:502:20::0:0:Bob:/Users/bob:/bin/zsh"\n'],
    ['crontab', '#!/bin/sh\necho no crontab >&2; exit 1\n'],
  ] as const) {
    writeFileSync(at('bin', name), text);
    chmodSync(at('bin', name), 0o755);
  }
  const running = { version: version() };
  const { operations } = memoryOperations({
    snapshot: () => ({ ...calm(), daemon: { ...calm().daemon, version: running.version } }),
  });
  const { close } = await serveOperations({ socketPath: join(home, 'run/daemon.sock'), operations });
  atEnd(async () => {
    await close();
    rmSync(folder, { recursive: true, force: true });
  });
  const host: InstallHost = {
    platform: 'darwin',
    uid: 501,
    user: 'ada',
    homeFolder: folder,
    run: (argv, timeoutMs) =>
      exec(argv, { env: { PATH: `${at('bin')}:/usr/bin:/bin` }, ...(timeoutMs === undefined ? {} : { timeoutMs }) }),
    // None of this machine's: a test that retires a rival would end it.
    processes: async () => [],
    program: { node: process.execPath, script: program },
  };
  const out: string[] = [];
  const context = {
    ...createContext({ home }, { HOME: folder, LANG: 'C.UTF-8', PATH: `${at('bin')}:/usr/bin:/bin` }),
    out: (text: string) => void out.push(text),
    say: (text: string) => void out.push(`${text}\n`),
  };
  return {
    at,
    home,
    /** The daemon that answers. */
    running,
    host,
    context,
    /** What was printed since the last time. */
    said: (): string => out.splice(0).join(''),
    /** What launchctl was told to do since the last time; questions left out. */
    told: (): readonly string[] => {
      const file = at('launchctl/calls');
      const calls = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
      rmSync(file, { force: true });
      return calls.filter((call) => !call.startsWith('print')).map((call) => call.replaceAll(folder, '~'));
    },
  };
}
