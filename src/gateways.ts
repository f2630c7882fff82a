import { dirname } from 'node:path';
import type { LoadedConfig } from './config/load.ts';
import { openEnv } from './config/plan-gateway.ts';
import type { FoundGateway, GatewayPlace } from './core/gateway.ts';
import { findGateway } from './host/gateway/find-gateway.ts';
import { commandOnPath } from './host/gateway/find-node.ts';
import { findGatewayProgram } from './host/gateway/program.ts';
import { stampOfConfig } from './host/gateway/read-config.ts';
import { findGatewayUnit } from './host/gateway/unit-file.ts';
import { configuredOwner } from './host/owners/configured-owner.ts';

type Loaded = Pick<LoadedConfig, 'config' | 'homeFolder'>;

/** By the name of the service whose preset asks for it. */
export type Gateways = Readonly<Record<string, FoundGateway>>;

/**
 * The gateways that services with the preset ask for; one that is not installed is left out. What its start command
 * gets (`env`) says where it is, before what we got ourselves.
 */
export async function findGateways({
  config,
  homeFolder,
}: Pick<LoadedConfig, 'config' | 'homeFolder'>): Promise<Gateways> {
  const found: Record<string, FoundGateway> = {};
  for (const [name, service] of Object.entries(config.services)) {
    if (service.preset !== 'gateway') continue;
    const place = await findGateway({ env: { ...process.env, ...openEnv(service) }, homeFolder });
    if (place === undefined) continue;
    const unit = findGatewayUnit(place, homeFolder)?.name;
    found[name] = { place, unit, stamp: stampOfConfig(place.configFile) };
  }
  return found;
}

/**
 * What takes longer to find out: which units are known here (their files may have been left by a supervisor that is
 * gone), and with which PATH its start command finds its own Node, which is rarely ours.
 */
export async function examineGateways(gateways: Gateways, { config, homeFolder }: Loaded): Promise<Gateways> {
  const examined: Record<string, FoundGateway> = {};
  for (const [name, gateway] of Object.entries(gateways)) {
    const service = config.services[name];
    const isKnown = gateway.unit !== undefined && (await isUnitKnown(gateway.unit));
    const path = service?.start === undefined ? undefined : await pathFor(gateway.place, service, homeFolder);
    examined[name] = { ...gateway, unit: isKnown ? gateway.unit : undefined, path };
  }
  return examined;
}

async function isUnitKnown(unit: string): Promise<boolean> {
  const owned = await configuredOwner(unit);
  return 'sight' in owned && owned.sight.state !== 'missing';
}

async function pathFor(
  place: GatewayPlace,
  service: Loaded['config']['services'][string],
  homeFolder: string,
): Promise<string | undefined> {
  const env = { ...process.env, ...openEnv(service) };
  const search = { env, homeFolder, start: service.start };
  const command = commandOnPath(place.brand, search);
  const program = await findGatewayProgram(place, search);
  if ('missing' in program) return undefined;
  const own = command === undefined ? [program.node] : [command, program.node];
  const folders = [...own.map((file) => dirname(file)), ...(env['PATH'] ?? '').split(':')];
  return [...new Set(folders)].join(':');
}
