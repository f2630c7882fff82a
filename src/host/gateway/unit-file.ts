import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { BRANDS, type GatewayPlace } from '../../core/gateway.ts';

/** The unit or job under which the gateway's own installer put it. */
export type GatewayUnit = {
  /** As `unit:` of a config would name it. */
  readonly name: string;
  readonly file: string;
  /** Its command: the gateway's own Node, its file, `gateway`, …; empty when it is not understood. */
  readonly argv: readonly string[];
};

/**
 * The systemd unit or launchd job of this gateway, where one is installed. A file that names another state folder
 * belongs to another gateway.
 */
export function findGatewayUnit(
  place: GatewayPlace,
  homeFolder: string,
  platform: NodeJS.Platform = process.platform,
): GatewayUnit | undefined {
  for (const { name, file } of candidates(place, homeFolder, platform)) {
    const text = read(file);
    if (text === undefined) continue;
    const whole = platform === 'darwin' ? text : [text, ...dropIns(file)].join('\n');
    if (!isOf(whole, place, homeFolder)) continue;
    return { name, file, argv: platform === 'darwin' ? argvOfJob(text) : argvOfUnit(whole) };
  }
  return undefined;
}

function candidates({ brand }: GatewayPlace, homeFolder: string, platform: NodeJS.Platform) {
  const { unit, labels } = BRANDS[brand];
  if (platform === 'darwin')
    return labels.map((label) => ({
      name: `launchd:${label}`,
      file: join(homeFolder, 'Library/LaunchAgents', `${label}.plist`),
    }));
  const folders = [join(homeFolder, '.config/systemd/user'), '/etc/systemd/user', '/etc/systemd/system'];
  return folders.map((folder) => ({ name: unit, file: join(folder, unit) }));
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** What a person added to a unit (`systemctl edit`), in the order in which it counts. */
function dropIns(file: string): readonly string[] {
  try {
    const names = readdirSync(`${file}.d`).filter((name) => name.endsWith('.conf'));
    return names.sort().map((name) => read(join(`${file}.d`, name)) ?? '');
  } catch {
    return [];
  }
}

function isOf(text: string, { brand, stateFolder }: GatewayPlace, homeFolder: string): boolean {
  const { folder, prefix } = BRANDS[brand];
  // `Environment=NAME=value` (quoted or not), `<key>NAME</key><string>value</string>`.
  const named = [...text.matchAll(new RegExp(`${prefix}_STATE_DIR(?:=|</key>\\s*<string>)([^"'<\\n]+)`, 'g'))]
    .at(-1)?.[1]
    ?.trim();
  return resolve(named ?? join(homeFolder, folder)) === stateFolder;
}

/**
 * The words of ExecStart= (systemd.service(5)): quotes around a word, a prefix like `-` before the first. A line goes on
 * after a backslash; an empty ExecStart= takes back all before it, and of several the last is what stays.
 */
export function argvOfUnit(text: string): readonly string[] {
  const lines = text.replace(/\\\n\s*/g, ' ').matchAll(/^[ \t]*ExecStart[ \t]*=[ \t]*[-@:+!|]*(.*)$/gm);
  const line = [...lines].at(-1)?.[1] ?? '';
  return [...line.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? '',
  );
}

/** The strings of ProgramArguments (launchd.plist(5)). */
export function argvOfJob(text: string): readonly string[] {
  const list = /<key>ProgramArguments<\/key>\s*<array>([\s\S]*?)<\/array>/.exec(text)?.[1] ?? '';
  return [...list.matchAll(/<string>([\s\S]*?)<\/string>/g)].map(([, word = '']) => plain(word));
}

function plain(xml: string): string {
  return xml.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}
