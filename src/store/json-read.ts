import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { PersonError } from '../errors.ts';
import { readBounded } from './durable-file.ts';
import { errnoOf, wordsOf } from './errno.ts';
import { type Migrations, migrate, type Parsed } from './migrate.ts';
import type { Notice } from './notice.ts';
import { setAside } from './quarantine.ts';

export type DocumentSource<T> = {
  readonly path: string;
  /** Says whether a value of the present version is whole; never throws. */
  readonly parse: (value: unknown) => Parsed<T>;
  /** Version the program writes; 1 when absent. */
  readonly version?: number;
  readonly migrations?: Migrations;
  readonly maxBytes?: number;
};

export type Found<T> = {
  readonly value: T | undefined;
  readonly mainIsGood: boolean;
  readonly haveLastGood: boolean;
  readonly notices: readonly Notice[];
};

type Copy<T> =
  | { readonly is: 'good'; readonly value: T }
  | { readonly is: 'missing' }
  | { readonly is: 'bad'; readonly problem: string };

const MAX_BYTES = 32 * 1024 * 1024;

/**
 * The newest whole value at `path` or, failing that, at `<path>.last-good`; a damaged file is set aside. Nothing at
 * either place is no trouble: it is a first start.
 */
export async function readDocument<T>(source: DocumentSource<T>, nowMs: number): Promise<Found<T>> {
  const { path } = source;
  const name = basename(path);
  const lastGood = `${path}.last-good`;
  const main = await readCopy(source, path);
  if (main.is === 'good') {
    return { value: main.value, mainIsGood: true, haveLastGood: (await ageOf(lastGood)) !== undefined, notices: [] };
  }
  const spare = await readCopy(source, lastGood);
  if (main.is === 'missing' && spare.is === 'missing') {
    return { value: undefined, mainIsGood: false, haveLastGood: false, notices: [] };
  }
  const what = main.is === 'missing' ? `${name} is missing` : await describe(path, main.problem, nowMs);
  if (spare.is === 'good') {
    const text = `${what}; the last good copy is used, of ${await ageOf(lastGood)}. What came after it is not in it.`;
    const notice: Notice = { at: nowMs, code: 'FILE_SET_ASIDE', text };
    return { value: spare.value, mainIsGood: false, haveLastGood: true, notices: [notice] };
  }
  const also = spare.is === 'bad' ? await describe(lastGood, spare.problem, nowMs) : 'there is no good copy of it';
  const notice: Notice = { at: nowMs, code: 'FILE_STARTED_ANEW', text: `${what}; ${also}. It starts anew.` };
  return { value: undefined, mainIsGood: false, haveLastGood: false, notices: [notice] };
}

async function readCopy<T>(source: DocumentSource<T>, path: string): Promise<Copy<T>> {
  try {
    const bytes = await readBounded(path, source.maxBytes ?? MAX_BYTES);
    if (bytes === undefined) return { is: 'missing' };
    if (bytes.length === 0) return { is: 'bad', problem: 'it is empty' };
    const json: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    const current = migrate(json, source.version ?? 1, source.migrations ?? {});
    const parsed = current.ok ? source.parse(current.value) : current;
    return parsed.ok ? { is: 'good', value: parsed.value } : { is: 'bad', problem: parsed.problem };
  } catch (error) {
    // A file we may not read is not a damaged one: setting it aside would hide a mistake in ownership.
    if (errnoOf(error) === 'EACCES' || errnoOf(error) === 'EPERM') {
      throw new PersonError(
        'NOT_PERMITTED',
        `${path} cannot be read.`,
        `Make it yours: sudo chown "$(id -un)" '${path}'`,
      );
    }
    return { is: 'bad', problem: wordsOf(error) };
  }
}

async function describe(path: string, problem: string, nowMs: number): Promise<string> {
  const aside = await setAside(path, problem, nowMs);
  const fate = aside === undefined ? 'it could not be set aside' : `it was set aside as ${basename(aside)}`;
  return `${basename(path)} is damaged (${problem}), ${fate}`;
}

async function ageOf(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found?.mtime.toISOString();
}
