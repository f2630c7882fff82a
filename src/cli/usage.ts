import type { CommanderError } from 'commander';
import { nearest } from '../config/nearest.ts';
import { PersonError } from '../errors.ts';
import type { CommandSpec } from './command-spec.ts';
import { commands } from './commands.ts';

/**
 * What is wrong with a command line, in our words and with the next step; `names` are those of the targets, as far as
 * they are known. `error` is commander's.
 */
export async function usageOf(
  error: CommanderError,
  words: readonly string[],
  names: () => Promise<readonly string[]>,
): Promise<PersonError> {
  const spec = commands.find(({ name }) => words.includes(name));
  const help = spec === undefined ? 'See: jarvis-health --help' : `See: jarvis-health ${spec.name} --help`;
  const [message = '', suggestion] = error.message.replace(/^error: /, '').split('\n');
  const quoted = /'([^']*)'/.exec(message)?.[1] ?? '';
  if (spec !== undefined && error.code === 'commander.excessArguments') return usage(tooMany(spec), help);
  if (spec !== undefined && error.code === 'commander.missingArgument')
    return missing(spec, quoted, help, await names());
  if (spec !== undefined && error.code === 'commander.invalidArgument') return notAChoice(spec, quoted, help);
  const meant = /\(Did you mean (.*)\?\)/.exec(suggestion ?? '')?.[1];
  const sentence = `${message.charAt(0).toUpperCase()}${message.slice(1).replace(/\.+$/, '')}.`;
  return usage(sentence, meant === undefined ? help : `Did you mean ${meant}?`);
}

function usage(message: string, hint: string): PersonError {
  return new PersonError('USAGE', message, hint);
}

function tooMany(spec: CommandSpec): string {
  const takes = spec.arguments.map(({ name }) => name).join(' ');
  return takes === '' ? `${spec.name} takes only options.` : `More was given than ${spec.name} ${takes}.`;
}

function missing(spec: CommandSpec, name: string, help: string, names: readonly string[]): PersonError {
  const known = name === 'target' && names.length > 0 ? `Known targets: ${names.join(', ')}. ` : '';
  return usage(`${spec.name} needs a ${name}.`, `${known}${help}`);
}

function notAChoice(spec: CommandSpec, word: string, help: string): PersonError {
  const choices = spec.arguments.find((argument) => argument.choices !== undefined)?.choices ?? [];
  const meant = nearest(word, choices);
  const takes = choices.length < 2 ? choices.join('') : `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`;
  return usage(`${spec.name} takes ${takes}, not "${word}".`, meant === undefined ? help : `Did you mean ${meant}?`);
}
