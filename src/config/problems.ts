import { PersonError } from '../errors.ts';
import type { ConfigDocument } from './document.ts';
import type { Place } from './parse-yaml.ts';
import { type Path, writePath } from './shape.ts';

/** One thing that is wrong (or, as a warning, left out) in the config. */
export type Problem = {
  readonly severity: 'error' | 'warning';
  /** As shown: `config.yaml`, or the name of an environment variable. */
  readonly file: string;
  /** From 1; undefined when it is not about a place in a file. */
  readonly line: number | undefined;
  readonly column: number | undefined;
  /** How much of that line it is about. */
  readonly length?: number;
  /** `disk[0].warning`; empty for the file as a whole. */
  readonly path: string;
  /** A predicate: "is 200%, at most 99% is allowed". Holds no secret. */
  readonly message: string;
  readonly allowed?: string;
  readonly didYouMean?: string;
};

/** A problem before it is known where it stands. */
export type Finding = {
  readonly path: Path;
  readonly message: string;
  readonly severity?: 'warning';
  readonly allowed?: string;
  readonly didYouMean?: string;
};

export function locate(
  finding: Finding,
  file: string,
  document: Pick<ConfigDocument, 'placeOf'> | undefined,
  names: ReadonlyMap<string, string>,
): Problem {
  const { path, severity = 'error', message, ...rest } = finding;
  const variable = names.get(JSON.stringify(path));
  const place = variable === undefined ? document?.placeOf(path) : undefined;
  const where = variable === undefined ? { file, path: writePath(path) } : { file: variable, path: '' };
  // What it quotes is shown on terminals, and a kind may quote it as it is.
  const shown = message.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\u{fffd}');
  return { severity, ...where, line: undefined, column: undefined, ...place, message: shown, ...rest };
}

/** About the file as a whole. */
export function aboutFile(file: string, message: string, severity: Problem['severity'] = 'error'): Problem {
  return { severity, file, line: undefined, column: undefined, path: '', message };
}

/** `config.yaml:7:5 disk[0].warning is 200%, at most 99% is allowed`. */
export function writeProblem({ file, line, column, path, message, didYouMean }: Problem): string {
  const where = line === undefined ? file : `${file}:${line}:${column ?? 1}`;
  const meant = didYouMean === undefined ? '' : `; did you mean ${didYouMean}?`;
  return `${where} ${path === '' ? '' : `${path} `}${message}${meant}`;
}

/** The line itself with a mark under it. For a person's own terminal only: the line may hold a secret. */
export function codeFrame(lines: readonly string[], { line, column, length }: Place): string {
  const source = lines[line - 1] ?? '';
  const clean = source.replace(/\t/g, ' ').replace(/[\p{Cc}\p{Cf}]/gu, '\u{fffd}');
  // A long line is shown around the mark.
  const from = column > 60 ? column - 30 : 1;
  const shown = clean.slice(from - 1, from + 69);
  const marks = '^'.repeat(Math.max(1, Math.min(length, shown.length - (column - from))));
  const number = String(line);
  return `${number.padStart(5)} | ${shown}\n${' '.repeat(5)} | ${' '.repeat(column - from)}${marks}`;
}

/** The config is wrong or cannot be read. `message` lists every problem, a line each, and holds no secret. */
export class ConfigError extends PersonError {
  readonly problems: readonly Problem[];
  constructor(code: 'CONFIG_INVALID' | 'CONFIG_UNREADABLE', problems: readonly Problem[]) {
    const several = problems.length > 1 ? `${problems.length} things are wrong. ` : '';
    super(code, problems.map(writeProblem).join('\n'), `${several}Correct it and run: jarvis-health config check`);
    this.problems = problems;
  }
}
