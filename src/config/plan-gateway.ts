import type { TroubleClass } from '../core/classify.ts';
import type { FoundGateway } from '../core/gateway.ts';
import type { Step } from '../core/plan.ts';
import type { CompleteService } from './complete.ts';
import { expandHome } from './paths.ts';
import type { Found } from './plan.ts';
import { ONCE } from './plan-steps.ts';

/** How long its own command line may take; real ones blocked for seven minutes. */
const CLI_MS = 60_000;
/** It is ended with all that it started, which takes a moment. */
const CLI_SPARE_MS = 15_000;
/** With what hangs it only blocks and then refuses. */
const DEAD: readonly TroubleClass[] = ['crashed', 'oom-killed', 'not-running', 'unreachable'];

/** The gateway that a service's preset asks for, where one was found. */
export function gatewayOf(name: string, service: CompleteService, { gateways }: Found): FoundGateway | undefined {
  return service.preset === 'gateway' ? gateways?.[name] : undefined;
}

/** The unit that its own installer made owns it, unless the config says who does or how it is started. */
export function withUnit(service: CompleteService, gateway: FoundGateway | undefined): CompleteService {
  const isSaid = service.unit !== undefined || service.start !== undefined;
  return gateway?.unit === undefined || isSaid ? service : { ...service, unit: gateway.unit };
}

/** After its owner has failed: without an owner its command line starts nothing. */
export function cliStep({ place }: FoundGateway, service: CompleteService, { homeFolder }: Found): Step {
  return {
    action: 'gateway-cli-restart',
    recovers: true,
    when: DEAD,
    ...ONCE,
    timeoutMs: CLI_MS + CLI_SPARE_MS,
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
