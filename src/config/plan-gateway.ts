import type { FoundGateway } from '../core/gateway.ts';
import type { CompleteService } from './complete.ts';
import { expandHome } from './paths.ts';
import type { Found } from './plan.ts';
import type { GivenStep } from './sketch.ts';

/** How long its own command line may take; real ones blocked for seven minutes. */
const CLI_MS = 60_000;

/** The gateway that a service's preset asks for, where one was found. */
export function gatewayOf(name: string, service: CompleteService, { gateways }: Found): FoundGateway | undefined {
  return service.preset === 'gateway' ? gateways?.[name] : undefined;
}

/** The unit that its own installer made owns it, unless the config says who does or how it is started. */
export function withUnit(service: CompleteService, gateway: FoundGateway | undefined): CompleteService {
  const isSaid = service.unit !== undefined || service.start !== undefined;
  return gateway?.unit === undefined || isSaid ? service : { ...service, unit: gateway.unit };
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
