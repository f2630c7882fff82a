import * as v from 'valibot';
import { described, either, needed, optional, preset } from './option.ts';
import { path, pattern } from './places.ts';
import { count, duration, pause, percent, size } from './quantities.ts';
import { choice, off } from './words.ts';

const valueTimes = (forDefault: string) => ({
  clear: preset(percent(0, 50), '5%', 'It is well again this many percentage points below the limit that was passed.'),
  for: preset(pause(), forDefault, 'The value must stay over its limit for this long. Short peaks are no trouble.'),
  every: preset(duration(), '60s', 'Distance between two looks.'),
  timeout: preset(
    duration(10, 600_000),
    '10s',
    'A look that takes longer says nothing (a network disk that does not answer).',
  ),
});

const cleanup = v.strictObject({
  folder: needed(
    path('a folder'),
    'Folder in which old files may be deleted. Links are not followed, and what a program has open is left alone.',
  ),
  match: preset(pattern(), '*.log*', 'Which files in it.'),
  olderThan: preset(duration(60_000, 3650 * 86_400_000), '30d', 'Only files that were not changed for this long.'),
  archive: optional(path('a folder'), 'Keep a compressed copy here before a file is deleted.', {
    derived: 'none, files are deleted',
  }),
});

const disk = v.strictObject({
  path: needed(path('a folder'), 'Any folder on the disk.', { examples: ['/'] }),
  warning: preset(
    percent(),
    '80%',
    'Used share that is a warning, as a writer sees it: what is reserved for root counts as used, and is named where it is more than usual.',
  ),
  critical: preset(percent(), '90%', 'Used share that is critical.'),
  ...valueTimes('1m'),
  cleanup: v.optional(
    described(
      v.array(described(cleanup, 'A cleanup rule.')),
      'What may be deleted when the disk is full. Nothing else ever is.',
    ),
    [],
  ),
});

export const disks = described(
  either(
    v.pipe(
      needed(off(), 'off'),
      v.transform((): DiskConfig[] => []),
    ),
    v.array(described(disk, 'A disk.')),
  ),
  'Disks to watch. Left out: the disk of `/` with the defaults. `[]` or `off`: none.',
);

const memoryOptions = v.strictObject({
  warning: preset(percent(), '80%', 'Used share that is a warning: total minus available.'),
  critical: preset(percent(), '90%', 'Used share that is critical.'),
  ...valueTimes('5m'),
});

export type DiskConfig = v.InferOutput<typeof disk>;
export type MemoryConfig = v.InferOutput<typeof memoryOptions>;

/** A disk and the memory that nobody wrote anything about. */
export function defaultDisk(path: string): DiskConfig {
  return v.parse(disk, { path });
}
export function defaultMemory(): MemoryConfig {
  return v.parse(memoryOptions, {});
}

export const memory = described(
  either<unknown, unknown, MemoryConfig | 'off'>(needed(off(), 'off'), memoryOptions),
  'Memory of the host. Left out: watched with the defaults. `off`: not watched.',
);

const logRule = v.strictObject({
  match: needed(path('a pattern'), 'Files to watch. `**` goes down into folders, links are not followed.', {
    examples: ['~/clawd/**/*.log'],
  }),
  maxSize: preset(
    size(),
    '100MB',
    'A file larger than this is rotated: renamed to `NAME.<time>-<seq>`, and a new one begins.',
  ),
  keep: preset(count(1, 10_000), 10, 'Archives kept of each file; the oldest go first.'),
  compress: preset(choice('gzip', 'none'), 'gzip', 'How archives are kept.'),
  archive: optional(path('a folder'), 'Folder for the archives.', { derived: 'beside the file' }),
  for: preset(pause(), '0s', 'A file must be too large for this long.'),
  every: preset(duration(), '60s', 'Distance between two looks.'),
  timeout: preset(duration(10, 600_000), '30s', 'A look that takes longer says nothing.'),
});

export const logs = described(v.array(described(logRule, 'A rule for log files.')), 'Log files to keep small.');
