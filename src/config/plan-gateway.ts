import type { FoundGateway } from '../core/gateway.ts';
import type { CompleteService } from './complete.ts';
import { expandHome } from './paths.ts';
import type { Found } from './plan.ts';
import type { GivenStep } from './sketch.ts';

/** How long its own command line may take; real ones blocked for seven minutes. */
const CLI_MS = 60_000;

/**
 * The gateway that a service's preset asks for, where one was found. The unit that its own installer made is a part of its
 * place, unless the config says who owns it or how it is started.
 */
export function gatewayOf(name: string, service: CompleteService, { gateways }: Found): FoundGateway | undefined {
  const found = service.preset === 'gateway' ? gateways?.[name] : undefined;
  const isSaid = service.unit !== undefined || service.start !== undefined;
  return found?.unit === undefined || isSaid ? found : { ...found, place: { ...found.place, unit: found.unit } };
}

/** What its own command line is asked with. */
export function cliGiven({ place }: FoundGateway, service: CompleteService, { homeFolder }: Found): GivenStep {
  return {
    options: {
      gateway: place,
      homeFolder,
      env: openEnv(service),
      start: service.start?.map((word) => expandHome(word, homeFolder)),
      timeoutMs: CLI_MS,
    },
  };
}

/** The variables that are no secrets. */
export function openEnv({ env = {} }: Pick<CompleteService, 'env'>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as const] : [])),
  );
}
