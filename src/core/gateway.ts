import { baseName } from './command-line.ts';

export type GatewayBrand = 'openclaw' | 'clawdbot';

/** One agent's gateway on this host: enough to look at it, to recognise it and to leave it alone. */
export type GatewayPlace = {
  readonly brand: GatewayBrand;
  /** `~/.openclaw`, `~/.clawdbot`, or where its environment puts it. */
  readonly stateFolder: string;
  readonly configFile: string;
  /** Folders that may hold its lock file, the likeliest first. */
  readonly lockFolders: readonly string[];
  /** As its config says; while it runs, its lock knows better. */
  readonly port: number;
  /** It speaks HTTPS, mostly with a certificate that it made itself. */
  readonly tls?: boolean | undefined;
  /** The unit or job that its own installer made: its owner for as long as it is not seen to run under another. */
  readonly unit?: string | undefined;
};

/** Where a gateway is asked. */
export type GatewayDoor = { readonly host: string; readonly port: number; readonly tls: boolean };

/** What a plan must know of a gateway that was found. */
export type FoundGateway = {
  readonly place: GatewayPlace;
  /** The unit or job that its own installer made, as `unit:` of a config would name it. */
  readonly unit: string | undefined;
  /** PATH for its start command, with its own program and its own Node first; where they are known. */
  readonly path?: string | undefined;
  /** Changes with its config. */
  readonly stamp: string;
};

/** What is the same for every gateway of a brand. */
export type BrandFacts = {
  /** In the person's home folder. */
  readonly folder: string;
  readonly config: string;
  /** Variables of its environment begin so. */
  readonly prefix: string;
  readonly unit: string;
  /** Labels of its launchd job, the present one first. */
  readonly labels: readonly string[];
  /** The oldest Node it runs with, as major and minor version. */
  readonly node: readonly [number, number];
  /** Answers whether it is alive and ready; without, every address gives a page. */
  readonly hasHealth: boolean;
};

export const DEFAULT_GATEWAY_PORT = 18_789;

export const BRANDS: Readonly<Record<GatewayBrand, BrandFacts>> = {
  openclaw: {
    folder: '.openclaw',
    config: 'openclaw.json',
    prefix: 'OPENCLAW',
    unit: 'openclaw-gateway.service',
    labels: ['ai.openclaw.gateway'],
    node: [24, 16],
    hasHealth: true,
  },
  clawdbot: {
    folder: '.clawdbot',
    config: 'clawdbot.json',
    prefix: 'CLAWDBOT',
    unit: 'clawdbot-gateway.service',
    labels: ['com.clawdbot.gateway', 'com.steipete.clawdbot.gateway'],
    node: [22, 0],
    hasHealth: false,
  },
};

export function doorOf({ port, tls = false }: Pick<GatewayPlace, 'port' | 'tls'>): GatewayDoor {
  return { host: '127.0.0.1', port, tls };
}

export function gatewayUrl({ host, port, tls }: GatewayDoor, path: string): string {
  return `${tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${port}${path}`;
}

/**
 * Whether a command line is that of a gateway of this brand which runs, and not of its command line tool. Under systemd
 * the whole command is seen; in the foreground the process has made it its title, `openclaw-gateway`.
 */
export function isGatewayCommand(argv: readonly string[], brand: GatewayBrand): boolean {
  const words = argv.length === 1 ? (argv[0] ?? '').trim().split(/\s+/) : argv;
  if (baseName(words[0] ?? '') === `${brand}-gateway`) return true;
  const at = isEntry(words[0] ?? '', brand) ? 0 : words.findIndex((word, index) => index > 0 && !word.startsWith('-'));
  if (!isEntry(words[at] ?? '', brand)) return false;
  const [command, next] = words.slice(at + 1).filter((word) => word !== '');
  // `gateway status` and the like are commands about it.
  return command === 'gateway' && (next === undefined || next === 'run' || next.startsWith('-'));
}

/** The file of the package that Node runs, or the link to it on PATH. */
function isEntry(word: string, brand: GatewayBrand): boolean {
  const name = baseName(word);
  if (name === brand || name === `${brand}.mjs` || name === `${brand}.js`) return true;
  return new RegExp(`/${brand}/dist/(index|entry)\\.m?js$`).test(word);
}
