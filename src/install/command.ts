import { dirname, join } from 'node:path';

/** What the unit runs. All paths are absolute and stay what they are when a shell ends. */
export type Program = {
  /** The node binary. */
  readonly node: string;
  /** The executable of this package. */
  readonly script: string;
};

export type Command = Program & { readonly home: string; readonly configFile: string | undefined };

export function wordsOf({ node, script, home, configFile }: Command): readonly string[] {
  const config = configFile === undefined ? [] : ['--config', configFile];
  return [node, script, 'start', '--foreground', '--home', home, ...config];
}

/** The opposite of `wordsOf`; `undefined` for a command that is none of ours. */
export function commandFrom(words: readonly string[]): Command | undefined {
  const [node, script, ...rest] = words;
  const home = after(rest, '--home');
  if (node === undefined || script === undefined || home === undefined || !rest.includes('start')) return undefined;
  return { node, script, home, configFile: after(rest, '--config') };
}

function after(words: readonly string[], option: string): string | undefined {
  const at = words.indexOf(option);
  return at < 0 ? undefined : words[at + 1];
}

/**
 * PATH of the daemon, and so of everything it starts. Neither systemd nor launchd reads a shell's profile, so it is written
 * out: the same whoever installs, and from wherever.
 */
export function pathFor(platform: NodeJS.Platform, node: string, homeFolder: string): string {
  const mac = platform === 'darwin';
  const folders = [
    dirname(node),
    join(homeFolder, '.local/bin'),
    ...(mac ? ['/opt/homebrew/bin', '/opt/homebrew/sbin'] : []),
    ...['/usr/local/bin', '/usr/local/sbin', '/usr/bin', '/bin', '/usr/sbin', '/sbin'],
    ...(mac ? [] : ['/snap/bin']),
  ];
  return [...new Set(folders)].join(':');
}
