import { basename, join, resolve } from 'node:path';
import { readDocument } from './document.ts';
import type { Override } from './environment.ts';
import { judge } from './judge.ts';
import type { Place } from './parse-yaml.ts';
import { ownPlaybookNames } from './playbook-names.ts';
import { aboutFile, ConfigError, codeFrame, type Problem } from './problems.ts';
import { readSmallText, stampOf } from './read-text.ts';
import type { Config } from './schema/config.ts';
import type { Path } from './shape.ts';

/** `file`: what `--config` named; it must exist. Without it `config.yaml` in the home folder, if there is one. */
export type ConfigSource = {
  readonly home: string;
  readonly file?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
};

/** A valid config, and where each part of it came from. */
export type LoadedConfig = {
  /** The file it would be or was read from. */
  readonly file: string;
  /** How its problems name it: as `--config` gave it, else without its folder. */
  readonly name: string;
  /** What the file was when it was read (`watchConfig` goes on from there). */
  readonly stamp: string;
  /** False when there is no file, or nothing in it: then the daemon observes only. */
  readonly configured: boolean;
  readonly config: Config;
  readonly warnings: readonly Problem[];
  /** The home folder of the person (`~`). */
  readonly homeFolder: string;
  readonly overrides: readonly Override[];
  /** As written, before `${NAME}` was replaced; the place is that of the key. */
  readonly written: (path: Path) => { readonly value: unknown; readonly place: Place } | undefined;
};

export type ConfigReading =
  | { readonly ok: true; readonly loaded: LoadedConfig }
  | {
      readonly ok: false;
      readonly code: 'CONFIG_INVALID' | 'CONFIG_UNREADABLE';
      readonly problems: readonly Problem[];
      readonly frames: readonly (string | undefined)[];
    };

/** A config is a page or two of text. */
const MOST_BYTES = 1024 * 1024;

/** Reads, checks and completes the config. Throws ConfigError (a PersonError, exit 78) that lists every problem. */
export async function loadConfig(source: ConfigSource): Promise<LoadedConfig> {
  const reading = await readConfig(source);
  if (reading.ok) return reading.loaded;
  throw new ConfigError(reading.code, reading.problems);
}

/** The same with trouble as a value. `frames[n]` shows the line of `problems[n]`; it may show a secret, so never log it. */
export async function readConfig(source: ConfigSource): Promise<ConfigReading> {
  const file = configFileOf(source);
  const name = source.file === undefined ? basename(file) : source.file;
  const stamp = configStamp(source);
  const ownPlaybooks = ownPlaybookNames(source.home);
  const read = readSmallText(file, MOST_BYTES);
  if (!read.ok && !(read.missing && source.file === undefined)) {
    return { ok: false, code: 'CONFIG_UNREADABLE', problems: [aboutFile(name, read.because)], frames: [undefined] };
  }
  // yaml costs 25 ms to load: a host without a config does not pay it.
  const document = read.ok ? readDocument(read.text, await import('yaml')) : undefined;
  const reading = judge({ file, name, stamp, home: source.home, env: source.env, ownPlaybooks, document });
  if (!reading.ok) {
    const lines = read.ok ? read.text.split(/\r\n|\r|\n/) : [];
    const frames = reading.problems.map(({ line, column = 1, length = 1 }) =>
      line !== undefined ? codeFrame(lines, { line, column, length }) : undefined,
    );
    return { ...reading, frames };
  }
  if (!read.ok || !read.writableByOthers) return reading;
  const warning = aboutFile(
    name,
    'can be changed by other users, and it names commands that are run; run chmod go-w on it',
    'warning',
  );
  return { ok: true, loaded: { ...reading.loaded, warnings: [...reading.loaded.warnings, warning] } };
}

/**
 * Differs whenever the file was written or replaced, or a playbook came or went: a config may name one. Begins with
 * `missing` when there is no file.
 */
export function configStamp(source: Pick<ConfigSource, 'home' | 'file'>): string {
  return [stampOf(configFileOf(source)), ...ownPlaybookNames(source.home)].join('\n');
}

/** Where the config is read from. */
export function configFileOf({ home, file }: Pick<ConfigSource, 'home' | 'file'>): string {
  return file === undefined ? join(home, 'config.yaml') : resolve(file);
}
