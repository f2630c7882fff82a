import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { OWN_FOLDER } from '../config/playbook-names.ts';
import { aboutFile, type Problem } from '../config/problems.ts';
import { readSmallText, stampOf, type TextRead } from '../config/read-text.ts';
import type { PlaybookReading } from './definition.ts';
import { type ReadContext, readPlaybook } from './read.ts';
import { isName } from './rules.ts';

/** A playbook is a page of text; nobody reads more of them than this. */
const MOST_BYTES = 64 * 1024;
const MOST_FILES = 50;

export type OwnReading = {
  readonly readings: readonly PlaybookReading[];
  /** About the folder as a whole. */
  readonly problems: readonly Problem[];
};

type OwnContext = Pick<ReadContext, 'actions' | 'homeFolder'> & { readonly home: string };

/** Everything in the `playbooks` folder of the home folder, in the order of its names. Never throws for a wrong file. */
export async function readOwn({ home, ...context }: OwnContext): Promise<OwnReading> {
  const folder = join(home, OWN_FOLDER);
  const files = filesIn(folder);
  if (files.length === 0) return { readings: [], problems: folderTroubles(folder) };
  const library = await import('yaml');
  const readings = files.slice(0, MOST_FILES).map((file): PlaybookReading => {
    const shown = `${OWN_FOLDER}/${file}`;
    const name = file.replace(/\.ya?ml$/, '').normalize('NFC');
    const refuse = (because: string): PlaybookReading => {
      return { ok: false, name, file: shown, problems: [aboutFile(shown, because)], frames: [undefined] };
    };
    if (file.endsWith('.yml')) return refuse('is not read; let its name end in .yaml');
    if (!isName(name)) return refuse('is not read; its name may hold small letters, digits and hyphens');
    const read = readSmallText(join(folder, file), MOST_BYTES);
    const unsafe = read.ok ? whyNotSafe(join(folder, file), read) : read.because;
    if (!read.ok || unsafe !== undefined) return refuse(unsafe ?? 'cannot be read');
    const reading = readPlaybook(read.text, { ...context, name, file: shown, origin: 'own', folder, library });
    if (!reading.ok || !read.writableByOthers) return reading;
    const warning = aboutFile(
      shown,
      'can be changed by other users, and it says what is run; run chmod go-w on it',
      'warning',
    );
    return { ...reading, warnings: [...reading.warnings, warning] };
  });
  const more = files.length - MOST_FILES;
  return {
    readings,
    problems: more > 0 ? [aboutFile(OWN_FOLDER, `has ${more} files too many, at most ${MOST_FILES} are read`)] : [],
  };
}

/** Differs whenever a playbook was written, replaced, added or taken away. */
export function stampOfOwn(home: string): string {
  const folder = join(home, OWN_FOLDER);
  return filesIn(folder)
    .slice(0, MOST_FILES + 1)
    .map((file) => `${file} ${stampOf(join(folder, file))}`)
    .join('\n');
}

/** A folder that is not there is no trouble; one that cannot be read would be silence where somebody wrote something. */
function folderTroubles(folder: string): readonly Problem[] {
  try {
    readdirSync(folder);
    return [];
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    if (code === 'ENOENT') return [];
    return [aboutFile(OWN_FOLDER, code === 'ENOTDIR' ? 'is no folder' : `cannot be read (${code})`, 'warning')];
  }
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /\.ya?ml$/.test(name) && !name.startsWith('.'))
      .toSorted();
  } catch {
    return [];
  }
}

/**
 * It says what is run as this user. A link is followed, because people keep such files elsewhere; but what it leads to must be
 * this user's (or root's), and nobody else's to change: out there the home folder's own mode protects nothing.
 */
function whyNotSafe(file: string, { ownerUid, writableByOthers }: Extract<TextRead, { ok: true }>): string | undefined {
  const self = process.geteuid?.();
  if (self !== undefined && ownerUid !== self && ownerUid !== 0) return 'is not read; it belongs to another user';
  const isLink = lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  return isLink && writableByOthers ? 'is not read; it is a link to a file that other users can change' : undefined;
}
