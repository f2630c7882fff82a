import { parseLsof } from './lsof.ts';
import type { Listener } from './ports.ts';
import { tool } from './processes-macos.ts';

export async function findHoldersMacos(port?: number): Promise<readonly Listener[]> {
  const which = port === undefined ? '-iTCP' : `-iTCP:${port}`;
  return parseListeners(await tool('/usr/sbin/lsof', ['-nP', '-w', which, '-sTCP:LISTEN', '-F', 'pcn']));
}

/** Names look like `*:8080`, `127.0.0.1:8080` or `[::1]:8080`; `*` is every address, of whichever family. */
export function parseListeners(output: string): readonly Listener[] {
  return parseLsof(output).flatMap(({ pid, command, name }) => {
    const [, address, port] = /^(.*):(\d+)$/.exec(name) ?? [];
    if (address === undefined) return [];
    const plain = address === '*' ? '0.0.0.0' : address.replace(/^\[(.*)\]$/, '$1');
    return [{ address: plain, port: Number(port), pid, command }];
  });
}
