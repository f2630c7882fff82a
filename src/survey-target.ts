import { homedir } from 'node:os';
import { dirname } from 'node:path';
import * as v from 'valibot';
import type { EndUnderOwner, FoundHold } from './core/events.ts';
import type { GatewayPlace } from './core/gateway.ts';
import type { Owner } from './core/owner.ts';
import type { Plan } from './core/plan.ts';
import type { TrackedProcess } from './core/types.ts';
import { sayPercent } from './core/units.ts';
import { abortable } from './host/abortable.ts';
import { spaceOf } from './host/files.ts';
import { gatewayPlace } from './host/gateway/place-schema.ts';
import { findEntry, type ProgramSearch } from './host/gateway/program.ts';
import { surveyGateway } from './host/gateway/survey-gateway.ts';
import { checkoutOf } from './host/gateway/update.ts';
import { endOfOwnUnit } from './host/own-unit.ts';
import { surveyOwner } from './host/owners/survey-owner.ts';
import { lookAt } from './host/processes.ts';
import { surveyWork } from './host/survey.ts';
import { lastWordsIn } from './host/tail.ts';

export type Survey = {
  readonly found: readonly FoundHold[];
  readonly ended?: EndUnderOwner;
  readonly fullDisk?: string;
};

type Known = {
  readonly tracked: TrackedProcess | undefined;
  readonly owner: Owner | undefined;
  /** Length of its log when its process was last seen alive. */
  readonly logBytes?: number | undefined;
};

/**
 * Everything on the host that forbids acting on a target now: work on it, and what its owner is about to do; and how it
 * ended, as far as that can be seen. Never rejects.
 */
export async function surveyTarget(
  plan: Plan,
  target: string,
  known: Known,
  doors: { readonly surveyWork: typeof surveyWork; readonly surveyOwner: typeof surveyOwner } = {
    surveyWork,
    surveyOwner,
  },
): Promise<Survey> {
  const options = plan.targets[target]?.options;
  const gateway = placeIn(options);
  const folder = textIn(options, 'cwd') ?? (gateway && checkoutIn(gateway, options));
  const unit = textIn(options, 'unit');
  const port = numberIn(options, 'port');
  const isOwned = unit !== undefined || gateway?.unit !== undefined || known.owner !== undefined;
  const logFile = textIn(options, 'logFile');
  const [work, atGateway, owner, fullDisk, ownEnd] = await Promise.all([
    folder === undefined && gateway === undefined
      ? []
      : doors.surveyWork({ folder, name: gateway?.brand ?? target }).catch(unseen('whether somebody works on it')),
    gateway === undefined
      ? []
      : surveyPlace(gateway, options, known.tracked, isOwned).catch(unseen('what is done to the gateway')),
    doors
      .surveyOwner({ service: target, unit, gateway, port, tracked: known.tracked, owner: known.owner })
      .catch((error: unknown) => ({ holds: unseen('what its owner is about to do')(error) })),
    fullDiskOf(folder ?? (logFile === undefined ? undefined : dirname(logFile))),
    isOwned ? undefined : unownedEnd(target, known, logFile),
  ]);
  const ended = ('ended' in owner ? owner.ended : undefined) ?? ownEnd;
  return {
    found: [...owner.holds, ...atGateway, ...work],
    ...(ended === undefined ? {} : { ended }),
    ...(fullDisk === undefined ? {} : { fullDisk }),
  };
}

/**
 * What was started by an earlier life of the daemon is no child of this one, so nobody hears how it ends. The unit that it
 * was started in may still know, and its log does, from where that stood when the process was last seen alive.
 */
async function unownedEnd(
  service: string,
  { tracked, logBytes }: Known,
  logFile: string | undefined,
): Promise<EndUnderOwner | undefined> {
  if (logFile === undefined || tracked === undefined || lookAt(tracked) !== 'gone') return undefined;
  const lastLines = logBytes === undefined ? [] : lastWordsIn(logFile, logBytes);
  const { exitCode, signal, outOfMemory } = (await endOfOwnUnit(service, tracked.pid).catch(() => undefined)) ?? {};
  if (exitCode === undefined && signal === undefined && lastLines.length === 0) return undefined;
  return { exitCode, signal, lastLines, ...(outOfMemory === undefined ? {} : { outOfMemory }) };
}

const FULL_PERCENT = 99;
const STATFS_MS = 1_000;

/** The disk that it works on, when that has no room left. */
async function fullDiskOf(folder: string | undefined): Promise<string | undefined> {
  if (folder === undefined) return undefined;
  const space = await abortable(spaceOf(folder), AbortSignal.timeout(STATFS_MS)).catch(() => undefined);
  if (space === undefined || space.usedPercent < FULL_PERCENT) return undefined;
  return `The disk of ${folder} is ${sayPercent(space.usedPercent)} full`;
}

/** How long one answer is believed that a person has stopped it; it is asked again long before. */
const PERSON_MS = 600_000;

function checkoutIn(place: GatewayPlace, options: unknown): string | undefined {
  const entry = findEntry(place, searchIn(options));
  return entry === undefined ? undefined : checkoutOf(entry);
}

async function surveyPlace(
  place: GatewayPlace,
  options: unknown,
  tracked: TrackedProcess | undefined,
  isOwned: boolean,
): Promise<readonly FoundHold[]> {
  const found = await surveyGateway(place, { ...searchIn(options), tracked, isOwned });
  return found.map((one) => (one.kind === 'stopped-by-person' ? { ...one, forMs: PERSON_MS } : one));
}

function searchIn(options: unknown): ProgramSearch {
  const { env, argv } = v.parse(gatewayOptions, options);
  return { env: { ...process.env, ...env }, homeFolder: homedir(), start: argv };
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
