import os from 'node:os';

/** Memory of the host. `availableBytes` is what programs could get without swapping: the page cache does not count as used. */
export type Memory = { readonly totalBytes: number; readonly availableBytes: number };

export async function readMemory(): Promise<Memory> {
  // libuv from 1.45 on (Node 20.3) gives MemAvailable of /proc/meminfo here.
  if (process.platform === 'linux') return { totalBytes: os.totalmem(), availableBytes: os.freemem() };
  // macOS: free pages alone say nothing, what is inactive or purgeable is available too.
  const { mem } = await import('systeminformation');
  const { total, available } = await mem();
  return { totalBytes: total, availableBytes: available };
}
