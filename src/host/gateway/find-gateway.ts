import { existsSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { BRANDS, DEFAULT_GATEWAY_PORT, type GatewayBrand, type GatewayPlace } from '../../core/gateway.ts';
import { realPath } from '../real-path.ts';
import { readGatewayLock } from './lock.ts';
import { readGatewayConfig } from './read-config.ts';

export type GatewayAsker = {
  /** The environment its start command gets: `OPENCLAW_STATE_DIR`, `CLAWDBOT_CONFIG_PATH`, … move its things. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The person's home folder. */
  readonly homeFolder: string;
};

/**
 * Finds the agent's gateway of this person: of both brands the one that runs, else the newer one. `undefined` when
 * neither has a state folder. Costs a few reads of small files.
 */
export async function findGateway(asker: GatewayAsker): Promise<GatewayPlace | undefined> {
  const places = placesOf(asker);
  if (places.length <= 1) return places[0];
  for (const place of places) if ((await readGatewayLock(place)) !== undefined) return place;
  return places[0];
}

function placesOf(asker: GatewayAsker): readonly GatewayPlace[] {
  const openclaw = placeOf('openclaw', asker);
  const clawdbot = placeOf('clawdbot', asker);
  // An openclaw that followed a clawdbot goes on in its folder and with its config.
  const heir: GatewayPlace | undefined =
    openclaw === undefined && clawdbot !== undefined ? inheriting(clawdbot, asker) : undefined;
  return [openclaw, heir, clawdbot].filter((place) => place !== undefined);
}

function placeOf(brand: GatewayBrand, { env, homeFolder }: GatewayAsker): GatewayPlace | undefined {
  const { folder, config, prefix } = BRANDS[brand];
  const named = env[`${prefix}_STATE_DIR`];
  const namedConfig = env[`${prefix}_CONFIG_PATH`];
  const stateFolder = absolute(named, homeFolder) ?? join(homeFolder, folder);
  const configFile = absolute(namedConfig, homeFolder) ?? join(stateFolder, config);
  if (named === undefined && !existsSync(stateFolder) && !(namedConfig !== undefined && existsSync(configFile)))
    return undefined;
  return complete(brand, stateFolder, configFile, env);
}

/** Only where an openclaw has been at work: its own lock folder is there. */
function inheriting(clawdbot: GatewayPlace, { env }: GatewayAsker): GatewayPlace | undefined {
  const { stateFolder, configFile } = clawdbot;
  return existsSync(join(stateFolder, 'tmp', folderName('openclaw', stateFolder)))
    ? complete('openclaw', stateFolder, configFile, env)
    : undefined;
}

function complete(
  brand: GatewayBrand,
  stateFolder: string,
  configFile: string,
  env: GatewayAsker['env'],
): GatewayPlace {
  const real = realPath(stateFolder);
  const locks = folderName(brand, stateFolder);
  const temporary = env['TMPDIR'] ?? tmpdir();
  const { port, tls } = readGatewayConfig(configFile);
  return {
    brand,
    stateFolder: real,
    configFile,
    lockFolders: [...new Set([join(real, 'tmp', locks), join(temporary, locks), join('/tmp', locks)])],
    port: portIn(env[`${BRANDS[brand].prefix}_GATEWAY_PORT`]) ?? port ?? DEFAULT_GATEWAY_PORT,
    ...(tls ? { tls } : {}),
  };
}

/** The number of the user whose gateway it is, which is not ours when we serve a whole system. */
function folderName(brand: GatewayBrand, stateFolder: string): string {
  const owner = statSync(stateFolder, { throwIfNoEntry: false })?.uid ?? process.getuid?.();
  return `${brand}-${owner ?? ''}`;
}

function absolute(path: string | undefined, homeFolder: string): string | undefined {
  const trimmed = path?.trim();
  if (trimmed === undefined || trimmed === '') return undefined;
  return resolve(trimmed === '~' || trimmed.startsWith('~/') ? join(homeFolder, trimmed.slice(1)) : trimmed);
}

function portIn(text: string | undefined): number | undefined {
  const port = Number(text);
  return text !== undefined && Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined;
}
