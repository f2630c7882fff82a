import type { LoadedConfig } from './config/load.ts';
import { openEnv } from './config/plan-gateway.ts';
import type { FoundGateway } from './core/gateway.ts';
import { findGateway } from './host/gateway/find-gateway.ts';
import { stampOfConfig } from './host/gateway/read-config.ts';
import { findGatewayUnit } from './host/gateway/unit-file.ts';
import { configuredOwner } from './host/owners/configured-owner.ts';

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

/** Takes away units that nobody here knows of: their files were left by a supervisor that is gone. */
export async function withLivingUnits(gateways: Gateways): Promise<Gateways> {
  const checked: Record<string, FoundGateway> = {};
  for (const [name, gateway] of Object.entries(gateways)) {
    const owned = gateway.unit === undefined ? undefined : await configuredOwner(gateway.unit);
    const isKnown = owned !== undefined && 'sight' in owned && owned.sight.state !== 'missing';
    checked[name] = isKnown ? gateway : { ...gateway, unit: undefined };
  }
  return checked;
}
