import { shortName } from '../host/short-name.ts';

/** Written out: the list with everything behind it (commands.ts) would make `status` slow to load. */
export const COMMANDS = [
  ...['start', 'stop', 'restart', 'status', 'check', 'recover', 'explain', 'incidents', 'alerts', 'hold', 'release'],
  ...['silence', 'unsilence', 'logs', 'config', 'audit', 'doctor', 'demo', 'init', 'install', 'uninstall'],
];

const TYPED = new RegExp(`(?<![\\w/.-])jarvis-health(?= (?:(?:${COMMANDS.join('|')})\\b|--[a-z]))`, 'g');

/** A hint with its commands as they can be typed on this terminal. */
export function asTyped(text: string, env: NodeJS.ProcessEnv = process.env): string {
  return text.replace(TYPED, () => shortName(env));
}
