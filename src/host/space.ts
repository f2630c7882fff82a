import { readFileSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { tool } from './processes-macos.ts';

export type Space = {
  readonly totalBytes: number;
  readonly freeBytes: number;
  /** Free, and kept for root or the file system itself: nobody else can write there. */
  readonly reservedBytes: number;
  readonly usedPercent: number;
};

/**
 * Room on the disk that holds `path`. Throws what statfs(2) says. On a dead network disk it does not come back: put a
 * deadline on it.
 */
export async function spaceOf(path: string): Promise<Space> {
  const { bsize, blocks, bfree, bavail } = await statfs(path);
  // bavail, not bfree: root's reserve is not ours to fill, so for a writer it counts as used.
  const totalBytes = blocks * bsize;
  const freeBytes = Math.max(0, bavail * bsize);
  const reservedBytes = Math.max(0, (bfree - bavail) * bsize);
  return {
    totalBytes,
    freeBytes,
    reservedBytes,
    usedPercent: totalBytes === 0 ? 0 : (1 - freeBytes / totalBytes) * 100,
  };
}

export type Mount = { readonly path: string; readonly type: string; readonly readOnly: boolean };

/** Kinds of file system that keep things on a disk of this host. What is always read-only (squashfs, iso9660) is not among them. */
const DISKS = new Set([
  ...['ext2', 'ext3', 'ext4', 'xfs', 'btrfs', 'bcachefs', 'f2fs', 'jfs', 'nilfs2', 'reiserfs', 'zfs'],
  ...['vfat', 'exfat', 'ntfs', 'ntfs3', 'fuseblk', 'apfs', 'hfs', 'msdos', 'ufs'],
]);

/** The real local disks, each once, by path: no memory file systems, no images, no second mount of the same disk. */
export async function listMounts(): Promise<readonly Mount[]> {
  if (process.platform === 'darwin') return parseMacosMounts(await tool('/sbin/mount', []));
  const mounts = parseMountinfo(readFileSync('/proc/self/mountinfo', 'utf8'));
  // Container engines mount single files (/etc/hosts) from a disk of the host.
  return mounts.filter(({ path }) => isReadableFolder(path));
}

function isReadableFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** From proc_pid_mountinfo(5). The root of a container is an overlay, and then that stands for its disk. */
export function parseMountinfo(text: string): readonly Mount[] {
  const rows = text.split('\n').flatMap((line) => {
    const [before, after] = line.split(' - ');
    const [, , device, , path, options] = before?.split(' ') ?? [];
    const [type, source, superOptions] = after?.split(' ') ?? [];
    if (device === undefined || path === undefined || type === undefined) return [];
    const readOnly = `${options},${superOptions}`.split(',').includes('ro');
    return [{ mount: { path: unescapeOctal(path), type, readOnly }, disk: diskOf(type, source ?? '', device) }];
  });
  const isDisk = ({ mount }: (typeof rows)[number]) =>
    DISKS.has(mount.type) || (mount.path === '/' && mount.type === 'overlay');
  const byDisk = new Map<string, Mount>();
  for (const { mount, disk } of rows.filter(isDisk).sort((a, b) => a.mount.path.length - b.mount.path.length)) {
    if (!byDisk.has(disk)) byDisk.set(disk, mount);
  }
  return [...byDisk.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Subvolumes of btrfs and datasets of ZFS have numbers of their own and share one disk. */
function diskOf(type: string, source: string, device: string): string {
  if (type === 'zfs') return `zfs ${source.split('/')[0]}`;
  return type === 'btrfs' ? source : device;
}

/** Blanks in paths are written as `\040`. */
function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}

/**
 * From mount(8) of macOS: `/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)`. The volumes of an APFS
 * container share its room; `/` stands for the disk, though it is sealed itself: what is written goes to its data volume.
 */
export function parseMacosMounts(text: string): readonly Mount[] {
  return text.split('\n').flatMap((line) => {
    const [, path, words] = /^\S.* on (\/.*) \(([^)]*)\)$/.exec(line) ?? [];
    const [type, ...options] = words?.split(', ') ?? [];
    if (path === undefined || type === undefined || !DISKS.has(type) || !options.includes('local')) return [];
    if (path.startsWith('/System/Volumes/') || path.startsWith('/private/var/vm')) return [];
    const readOnly = options.includes('read-only') && !options.includes('sealed');
    if (readOnly && path !== '/') return []; // a mounted image
    return [{ path, type, readOnly }];
  });
}
