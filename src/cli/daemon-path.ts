import { cleanEnvironment } from '../host/environment.ts';
import { readEnvironLinux } from '../host/processes-linux.ts';
import { pathFor } from '../install/command.ts';
import { findInstalled, homeFolderFor, thisHost } from '../install/host.ts';
import type { Context } from './context.ts';
import { askDaemon } from './daemon.ts';
import { asSnapshot } from './snapshot.ts';

/**
 * PATH with which services are started: of the daemon that runs, else of the unit that would start it. What this shell
 * finds says nothing of that. `undefined`: neither is there, or it cannot be seen.
 */
export async function pathOfDaemon(context: Context): Promise<string | undefined> {
  const pid = await pidOfDaemon(context);
  const seen = pid === undefined ? [] : readEnvironLinux(pid);
  if (seen.length > 0) {
    const pairs = seen.map((one): [string, string] => [
      one.slice(0, one.indexOf('=')),
      one.slice(one.indexOf('=') + 1),
    ]);
    return cleanEnvironment(Object.fromEntries(pairs))['PATH'];
  }
  const host = thisHost(context.env);
  const installed = await findInstalled(host, context.home);
  const node = installed?.sight.command?.node;
  if (installed === undefined || node === undefined) return undefined;
  return pathFor(host.platform, node, await homeFolderFor(host, installed.place.scope, host.user));
}

async function pidOfDaemon(context: Context): Promise<number | undefined> {
  try {
    return asSnapshot(await askDaemon(context, '/api/v1/state')).daemon.pid;
  } catch {
    return undefined;
  }
}
