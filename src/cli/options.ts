import { parseDuration } from '../core/units.ts';
import { PersonError } from '../errors.ts';

/** What commander read for one command. */
export type Options = Readonly<Record<string, unknown>>;

/** A command: what it prints goes through the context; the number is the exit code. */
export type Run = (
  context: import('./context.ts').Context,
  args: readonly string[],
  options: Options,
) => Promise<number>;

export function textOption(options: Options, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}

/** `--for 30m` in ms; `fallback` when it was not given. Throws USAGE. */
export function durationOption(options: Options, name: string, fallback: string): number {
  const text = textOption(options, name) ?? fallback;
  const parsed = parseDuration(text);
  if (!parsed.ok)
    throw new PersonError(
      'USAGE',
      `--${name} ${parsed.because}${parsed.because.endsWith('?') ? '' : '.'}`,
      `For example: --${name} 30m`,
    );
  if (parsed.value < 1000)
    throw new PersonError('USAGE', `--${name} is ${text}, at least 1s is needed.`, `For example: --${name} 30m`);
  return parsed.value;
}

/** A whole number from 0; throws USAGE. */
export function countOption(options: Options, name: string, fallback: number): number {
  const text = textOption(options, name);
  if (text === undefined) return fallback;
  if (!/^\d{1,7}$/.test(text))
    throw new PersonError('USAGE', `--${name} is "${text}", a number is needed.`, `For example: --${name} 50`);
  return Number(text);
}

/** The argument a command cannot do without. */
export function argument(args: readonly string[], index: number, name: string, example: string): string {
  const value = args[index];
  if (value === undefined || value === '')
    throw new PersonError('USAGE', `${name} is missing.`, `For example: ${example}`);
  return value;
}
