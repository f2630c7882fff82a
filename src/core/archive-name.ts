/** Archives of a rotated `app.log` are `app.log.<YYYYMMDDTHHMMSSZ>-<seq>`, with `.gz` when compressed (INTERFACE, config.yaml). */
const ARCHIVE = /^(?<log>.+)\.(?<time>\d{8}T\d{6}Z)-(?<seq>\d+)(?<gz>\.gz)?$/;

export type ArchiveName = {
  readonly log: string;
  readonly time: string;
  readonly seq: number;
  readonly compressed: boolean;
};

/** `name` is a file name without its folder; `undefined` when it is no archive. */
export function parseArchiveName(name: string): ArchiveName | undefined {
  const groups = ARCHIVE.exec(name)?.groups;
  if (groups === undefined) return undefined;
  return {
    log: groups['log'] ?? '',
    time: groups['time'] ?? '',
    seq: Number(groups['seq']),
    compressed: groups['gz'] !== undefined,
  };
}

export function archiveName(log: string, atMs: number, seq: number): string {
  const time = new Date(atMs)
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replace(/[-:]/g, '');
  return `${log}.${time}-${seq}`;
}

/** Newest first. */
export function byAge(a: ArchiveName, b: ArchiveName): number {
  return a.time === b.time ? b.seq - a.seq : a.time < b.time ? 1 : -1;
}
