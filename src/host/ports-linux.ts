import { closeSync, openSync, readSync } from 'node:fs';
import { endianness } from 'node:os';
import { eachDescriptor } from './descriptors-linux.ts';
import type { Listener } from './ports.ts';
import { eachPid, readProcessLinux } from './processes-linux.ts';

export type ListeningSocket = { readonly address: string; readonly port: number; readonly inode: string };

const LISTEN = '0A';

/** Listening sockets of this network namespace, of both families. */
export function readListeningSockets(): readonly ListeningSocket[] {
  return ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) => {
    try {
      return parseTcpTable(readListeningPart(file));
    } catch {
      return []; // a kernel without IPv6 has no tcp6
    }
  });
}

/**
 * The kernel lists what listens before every connection (tcp_seq_start in net/ipv4/tcp_ipv4.c), so the rest, which may
 * be a hundred thousand rows on a busy host, is not read.
 */
function readListeningPart(file: string): string {
  const descriptor = openSync(file, 'r');
  const chunk = Buffer.allocUnsafe(16_384);
  let text = '';
  try {
    for (;;) {
      const length = readSync(descriptor, chunk, 0, chunk.length, null);
      if (length === 0) return text;
      text += chunk.toString('latin1', 0, length);
      const lastWhole = text.lastIndexOf('\n', text.length - 2);
      const previous = text.lastIndexOf('\n', lastWhole - 1);
      if (previous > 0 && stateOf(text.slice(previous + 1, lastWhole)) !== LISTEN) return text;
    }
  } finally {
    closeSync(descriptor);
  }
}

/** Rows of /proc/net/tcp or tcp6 (proc_net_tcp(5)) in state LISTEN. */
export function parseTcpTable(text: string): readonly ListeningSocket[] {
  return text.split('\n').flatMap((row) => {
    if (stateOf(row) !== LISTEN) return [];
    const [, local, , , , , , , , inode] = row.trim().split(/\s+/);
    const [address, port] = local?.split(':') ?? [];
    if (address === undefined || port === undefined || inode === undefined) return [];
    return [{ address: readAddress(address), port: Number.parseInt(port, 16), inode }];
  });
}

function stateOf(row: string): string | undefined {
  return /^\s*\d+: \S+ \S+ (\S\S) /.exec(row)?.[1];
}

/** The kernel prints each 32-bit word of an address as a number of this machine's byte order. */
function readAddress(hex: string): string {
  const bytes = Buffer.from(hex, 'hex');
  if (endianness() === 'LE') bytes.swap32();
  if (bytes.length === 4) return bytes.join('.');
  const mapped = bytes.subarray(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff;
  if (mapped) return bytes.subarray(12).join('.');
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16));
  return shortenZeros(groups.join(':'));
}

/** RFC 5952: the longest run of zero groups becomes `::`. */
function shortenZeros(address: string): string {
  const runs = address.match(/\b0(?::0)+\b/g) ?? [];
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), '');
  if (longest === '') return address;
  const at = address.indexOf(longest);
  const before = address.slice(0, at).replace(/:$/, '');
  const after = address.slice(at + longest.length).replace(/^:/, '');
  return `${before}::${after}`;
}

/** One entry for each process that has such a socket open; one without pid where nobody we may see has. */
export async function findHoldersLinux(sockets: readonly ListeningSocket[]): Promise<readonly Listener[]> {
  const byLink = new Map(sockets.map((socket) => [`socket:[${socket.inode}]`, socket]));
  const found: Listener[] = [];
  const held = new Set<ListeningSocket>();
  if (byLink.size === 0) return [];
  await eachPid((pid) => {
    const sockets = socketsOf(pid, byLink);
    const command = sockets.size === 0 ? '' : (readProcessLinux(pid)?.command ?? '');
    for (const socket of sockets) {
      held.add(socket);
      found.push({ address: socket.address, port: socket.port, pid, command });
    }
  });
  const unseen = sockets.filter((socket) => !held.has(socket));
  return [...found, ...unseen.map(({ address, port }) => ({ address, port, pid: undefined, command: '' }))];
}

function socketsOf(pid: number, byLink: ReadonlyMap<string, ListeningSocket>): ReadonlySet<ListeningSocket> {
  const found = new Set<ListeningSocket>();
  eachDescriptor(pid, (_, target) => {
    const socket = byLink.get(target);
    if (socket !== undefined) found.add(socket);
  });
  return found;
}
