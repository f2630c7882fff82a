import { homedir } from 'node:os';
import * as v from 'valibot';
import type { EndUnderOwner, FoundHold } from './core/events.ts';
import type { GatewayPlace } from './core/gateway.ts';
import type { Owner } from './core/owner.ts';
import type { Plan } from './core/plan.ts';
import type { TrackedProcess } from './core/types.ts';
import { gatewayPlace } from './host/gateway/place-schema.ts';
import { surveyGateway } from './host/gateway/survey-gateway.ts';
import { surveyOwner } from './host/owners/survey-owner.ts';
import { surveyWork } from './host/survey.ts';

export type Survey = {
  readonly found: readonly FoundHold[];
  readonly ended?: EndUnderOwner;
};

/** Everything on the host that forbids acting on a target now: work on it, and what its owner is about to do. Never rejects. */
export async function surveyTarget(
  plan: Plan,
  target: string,
  known: { readonly tracked: TrackedProcess | undefined; readonly owner: Owner | undefined },
  doors: { readonly surveyWork: typeof surveyWork; readonly surveyOwner: typeof surveyOwner } = {
    surveyWork,
    surveyOwner,
  },
): Promise<Survey> {
  const options = plan.targets[target]?.options;
  const folder = textIn(options, 'cwd');
  const unit = textIn(options, 'unit');
  const port = numberIn(options, 'port');
  const gateway = placeIn(options);
  const isOwned = unit !== undefined || known.owner !== undefined;
  const [work, atGateway, owner] = await Promise.all([
    folder === undefined && gateway === undefined
      ? []
      : doors.surveyWork({ folder, name: gateway?.brand ?? target }).catch(unseen('whether somebody works on it')),
    gateway === undefined
      ? []
      : surveyPlace(gateway, options, known.tracked, isOwned).catch(unseen('what is done to the gateway')),
    doors.surveyOwner({ service: target, unit, port, ...known }).catch((error: unknown) => ({
      holds: unseen('what its owner is about to do')(error),
    })),
  ]);
  const ended = 'ended' in owner ? owner.ended : undefined;
  return { found: [...owner.holds, ...atGateway, ...work], ...(ended === undefined ? {} : { ended }) };
}

/** How long one answer is believed that a person has stopped it; it is asked again long before. */
const PERSON_MS = 600_000;

async function surveyPlace(
  place: GatewayPlace,
  options: unknown,
  tracked: TrackedProcess | undefined,
  isOwned: boolean,
): Promise<readonly FoundHold[]> {
  const { env, argv } = v.parse(gatewayOptions, options);
  const found = await surveyGateway(place, {
    env: { ...process.env, ...env },
    homeFolder: homedir(),
    start: argv,
    tracked,
    isOwned,
  });
  return found.map((one) => (one.kind === 'stopped-by-person' ? { ...one, forMs: PERSON_MS } : one));
}

/** What of a step's options says where the gateway's program is; secrets say nothing. */
const gatewayOptions = v.object({
  env: v.fallback(v.record(v.string(), v.fallback(v.optional(v.string()), undefined)), {}),
  argv: v.fallback(v.optional(v.array(v.string())), undefined),
});

function placeIn(options: unknown): GatewayPlace | undefined {
  const parsed = v.safeParse(gatewayPlace, fieldIn(options, 'gateway'));
  return parsed.success ? parsed.output : undefined;
}

/** What cannot be seen may be there: it holds as work does, for as long as work may. */
function unseen(what: string): (error: unknown) => readonly FoundHold[] {
  return (error) => {
    const because = error instanceof Error ? error.message : String(error);
    return [{ kind: 'work', text: `It cannot be seen ${what}: ${because}.` }];
  };
}

function fieldIn(options: unknown, name: string): unknown {
  if (typeof options !== 'object' || options === null) return undefined;
  return Object.entries(options).find(([key]) => key === name)?.[1];
}

function textIn(options: unknown, name: string): string | undefined {
  const value = fieldIn(options, name);
  return typeof value === 'string' ? value : undefined;
}

function numberIn(options: unknown, name: string): number | undefined {
  const value = fieldIn(options, name);
  return typeof value === 'number' ? value : undefined;
}
