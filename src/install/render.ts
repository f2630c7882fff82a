import { join } from 'node:path';
import { PersonError } from '../errors.ts';
import { type Command, commandFrom, pathFor, wordsOf } from './command.ts';
import { type Place, SYSTEM_HOME } from './place.ts';
import { fromXmlText, unitCommand, unitValue, unitWords, xmlText } from './quote.ts';

export type Wish = {
  readonly place: Place;
  readonly command: Command;
  /** Whose daemon it is. */
  readonly user: string;
  /** The home folder of that user, where `~` is. */
  readonly homeFolder: string;
};

/**
 * The text of the unit file or plist. In the template `{{name}}` is a value; a line that is nothing but a value which is
 * empty goes away. Throws NAME_NOT_USABLE for a path that no unit file can hold.
 */
export function renderUnit(template: string, wish: Wish): string {
  const { place, command } = wish;
  const words = wordsOf(command);
  const unprintable = [...words, wish.homeFolder].find((word) => /\p{Cc}/u.test(word));
  if (unprintable !== undefined)
    throw new PersonError(
      'NAME_NOT_USABLE',
      `${JSON.stringify(unprintable)} has a control character in it, and a unit file cannot hold one.`,
      'Use another folder.',
    );
  if (place.kind === 'systemd' && /["'\\]/.test(command.node))
    throw new PersonError(
      'NAME_NOT_USABLE',
      `systemd starts no program with a quote or a backslash in its path: ${command.node}`,
      'Use a Node in another folder.',
    );
  const values = place.kind === 'systemd' ? unitValues(wish, words) : plistValues(wish, words);
  return template
    .split('\n')
    .flatMap((line) => {
      const alone = /^\s*\{\{(\w+)\}\}$/.exec(line)?.[1];
      if (alone !== undefined && filledWith(values, alone) === '') return [];
      return [line.replace(/\{\{(\w+)\}\}/g, (_, name: string) => filledWith(values, name))];
    })
    .join('\n');
}

type Values = Readonly<Record<string, string>>;

function filledWith(values: Values, name: string): string {
  const value = values[name];
  if (value === undefined) throw new Error(`the template asks for ${name}, which nobody gives`);
  return value;
}

function unitValues({ place, command, homeFolder }: Wish, words: readonly string[]): Values {
  const state = place.scope === 'system' && command.home === SYSTEM_HOME;
  return {
    command: unitCommand(words),
    path: unitValue(`PATH=${pathFor('linux', command.node, homeFolder)}`),
    // Made by systemd, and by nobody before it.
    stateFolder: state ? 'StateDirectory=jarvis-health\nStateDirectoryMode=0700' : '',
  };
}

function plistValues({ place, command, user, homeFolder }: Wish, words: readonly string[]): Values {
  return {
    label: place.name,
    command: words.map((word) => `<string>${xmlText(word)}</string>`).join('\n    '),
    // In the domain of a user launchd has no choice of user, and the key no meaning.
    user: place.scope === 'system' ? `<key>UserName</key>\n  <string>${xmlText(user)}</string>` : '',
    path: xmlText(pathFor('darwin', command.node, homeFolder)),
    workingFolder: xmlText(homeFolder),
    output: xmlText(join(command.home, 'logs', 'daemon.out')),
  };
}

/** What an installed file runs; `undefined` when it is none of ours. */
export function readUnit(kind: Place['kind'], text: string): Command | undefined {
  if (kind === 'systemd') return commandFrom(unitWords(/^ExecStart=(.*)$/m.exec(text)?.[1] ?? ''));
  const array = /<key>ProgramArguments<\/key>\s*<array>([\s\S]*?)<\/array>/.exec(text)?.[1] ?? '';
  return commandFrom([...array.matchAll(/<string>([^<]*)<\/string>/g)].map(([, word = '']) => fromXmlText(word)));
}
