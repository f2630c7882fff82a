import { asWord, shortName } from '../host/short-name.ts';
import { homeOf } from './home-of.ts';

/** Written out: the list with everything behind it (commands.ts) would make `status` slow to load. */
export const COMMANDS = [
  ...['start', 'stop', 'restart', 'status', 'check', 'recover', 'explain', 'incidents', 'alerts', 'hold', 'release'],
  ...['silence', 'unsilence', 'logs', 'config', 'audit', 'doctor', 'demo', 'init', 'install', 'uninstall'],
  ...['playbooks', 'simulate'],
];

const TYPED = new RegExp(`(?<![\\w/.-])jarvis-health(?= (?:(?:${COMMANDS.join('|')})\\b|--[a-z]))`, 'g');

/** A hint with its commands as they can be typed on this terminal, for this home folder. */
export function asTyped(text: string, env: NodeJS.ProcessEnv = process.env, home?: string): string {
  // Help is the same for every home folder.
  return text.replace(TYPED, (_, at: number) =>
    /^\S+( [a-z]+)* --(home|help)\b/.test(text.slice(at)) ? shortName(env) : nameFor(env, home),
  );
}

/** What is typed before the name of a command, for this home folder. */
export function nameFor(env: NodeJS.ProcessEnv, home: string | undefined): string {
  const isUsual = home === undefined || home === homeOf(undefined, env);
  return `${shortName(env)}${isUsual ? '' : ` --home ${asWord(home)}`}`;
}
