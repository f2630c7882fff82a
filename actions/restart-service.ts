import * as v from 'valibot';
import { type ActionContext, type ActionOutcome, defineAction } from '../src/action.ts';
import { sameProcess, shortCommand } from '../src/core/command-line.ts';
import type { Trouble } from '../src/core/types.ts';
import { PersonError } from '../src/errors.ts';
import { findPortHolders } from '../src/host/find-service.ts';
import { nameProcess, trackedFrom } from '../src/host/found-process.ts';
import { gatewayPlace } from '../src/host/gateway/place-schema.ts';
import { cgroupOf } from '../src/host/owners/cgroup.ts';
import { isOneOfSeveral } from '../src/host/owners/find-owner.ts';
import { findOtherOwner } from '../src/host/owners/other-owner.ts';
import { askWhoOwns, type Owned } from '../src/host/owners/owned.ts';
import { troubles } from '../src/host/owners/owner-troubles.ts';
import { restartOwned } from '../src/host/owners/restart-owned.ts';
import { findVictims, stopAll, stopGraceFor, type Victim } from '../src/host/stop-service.ts';

const text = v.pipe(v.string(), v.minLength(1));
const durationMs = v.pipe(v.number(), v.minValue(0));
const optional = <T extends v.GenericSchema>(schema: T) => v.optional(v.union([v.undefined(), schema]));
/** A value that must not be shown: anything that gives its text only when asked. */
const secret = v.custom<{ reveal(): string }>(
  (value) => typeof value === 'object' && value !== null && 'reveal' in value && typeof value.reveal === 'function',
  'a text or a secret is needed',
);

const options = v.strictObject({
  service: text,
  /** Without it only its owner can start it. */
  argv: optional(v.pipe(v.array(v.string()), v.minLength(1))),
  cwd: optional(text),
  env: v.optional(v.record(v.string(), v.union([v.string(), secret])), {}),
  logFile: text,
  stopGraceMs: durationMs,
  hungStopGraceMs: v.optional(durationMs, 3_000),
  settleMs: v.optional(durationMs, 300),
  port: optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535))),
  match: optional(text),
  unit: optional(text),
  gateway: optional(gatewayPlace),
});
type Options = v.InferOutput<typeof options>;

/** Stops what is provably this service and still alive, then starts it. */
async function run(options: Options, context: ActionContext): Promise<ActionOutcome> {
  const before = context.hands.planned.length;
  const outcome = await restart(options, context);
  return context.hands.dryRun && outcome.outcome === 'done'
    ? { ...outcome, did: context.hands.planned.slice(before) }
    : outcome;
}

/** The owner first; only what nobody owns is stopped and started by us (DESIGN §5.2). */
async function restart(options: Options, context: ActionContext): Promise<ActionOutcome> {
  const owned = await askWhoOwns(options, context.owner ?? context.tracked?.owner);
  if (owned !== undefined && !(await keepsSeveral(owned, context))) {
    const outcome = await throughOwner(options, context, owned);
    if (outcome !== undefined) return outcome;
  }
  const victims = await findVictims({ ...options, home: context.home }, context.tracked);
  if ('refusal' in victims) return { outcome: 'refused', did: [], trouble: victims.refusal };
  const found = await ownerOfVictims(options, context, victims.all);
  if (found !== undefined) return found;
  if (options.argv === undefined) return { outcome: 'refused', did: [], trouble: nothingToStart(options, victims.all) };

  const revived = startedMeanwhile(victims.all, context);
  if (revived !== undefined) {
    return {
      outcome: 'nothing',
      did: [`${nameProcess(revived.facts)} runs already`],
      process: trackedFrom(revived, context.tracked),
    };
  }
  const env = revealAll(options.env);
  if ('code' in env) return { outcome: 'failed', did: [], trouble: env };
  if (context.signal.aborted) return { outcome: 'failed', did: [], trouble: troubles.calledOff() };

  const stopped = await stopAll(
    victims.all,
    context.hands,
    stopGraceFor(context.reason, options.stopGraceMs, options.hungStopGraceMs),
  );
  if (stopped.trouble !== undefined)
    return { outcome: stopped.refused ? 'refused' : 'failed', did: stopped.did, trouble: stopped.trouble };

  // From here on it is started whatever happens: a service that was stopped and not started is the worst of all.
  const others = context.hands.dryRun ? undefined : await startedByOthers(options, context);
  if (others !== undefined) return { ...others, did: [...stopped.did, ...others.did] };
  return await start({ ...options, argv: options.argv }, env.values, context, stopped.did);
}

/** A person may name an owner that has more than this service; one that was only found is not to end the rest. */
async function keepsSeveral(
  owned: Owned | { readonly trouble: Trouble },
  { tracked }: ActionContext,
): Promise<boolean> {
  if ('trouble' in owned || owned.isNamed || tracked === undefined) return false;
  const { mainPid } = owned.sight;
  return mainPid !== undefined && (await isOneOfSeveral(tracked, mainPid));
}

/** `undefined`: nobody owns it any more, so it is ours to start. */
async function throughOwner(
  options: Options,
  { hands, reason, tracked, home, signal, asked = false }: ActionContext,
  owned: Owned | { readonly trouble: Trouble },
): Promise<ActionOutcome | undefined> {
  if ('trouble' in owned) return { outcome: 'failed', did: [], trouble: owned.trouble };
  const { owner, sight, isNamed } = owned;
  if (sight.state === 'missing') {
    if (!isNamed && !sight.stoppedByPerson && options.argv !== undefined) return undefined;
    const trouble = sight.stoppedByPerson && !asked ? troubles.stopped(owner, sight) : troubles.missing(owner, sight);
    return { outcome: 'refused', did: [], trouble };
  }
  const { stopGraceMs, hungStopGraceMs } = options;
  return await restartOwned(options, owned, {
    ...{ hands, reason, tracked, home, signal, asked, stopGraceMs, hungStopGraceMs },
  });
}

/** A process that was not followed yet may have an owner that nobody has heard of. */
async function ownerOfVictims(
  options: Options,
  context: ActionContext,
  victims: readonly Victim[],
): Promise<ActionOutcome | undefined> {
  const found = await findOtherOwner(
    victims.map(({ facts }) => facts),
    undefined,
  );
  if (found === undefined) return undefined;
  if (found.owner === 'unknown') return { outcome: 'failed', did: [], trouble: troubles.unknown(found.process) };
  const owned = await askWhoOwns({}, found.owner);
  return owned && (await throughOwner(options, context, owned));
}

async function start(
  options: Options & { readonly argv: readonly string[] },
  env: Readonly<Record<string, string>>,
  { hands }: ActionContext,
  did: readonly string[],
): Promise<ActionOutcome> {
  const { service, argv, cwd, logFile, settleMs } = options;
  const started = await hands.startService({ name: service, argv, cwd, env, logFile, settleMs });
  if (!started.started) {
    return {
      outcome: 'failed',
      did: [...did, `tried to start ${shortCommand(argv)}`],
      lastLines: started.lastLines,
      trouble: started.trouble,
      ...(started.exitCode === undefined ? {} : { exitCode: started.exitCode }),
    };
  }
  if (started.process === undefined)
    return { outcome: 'done', did: [...did, `started ${shortCommand(argv)}, which left its work to another process`] };
  return {
    outcome: 'done',
    did: [...did, `started ${shortCommand(argv)} (pid ${started.process.pid})`],
    process: started.process,
  };
}

/**
 * Somebody (a person, its own supervisor) was quicker than we: it was gone when the attempt was decided, or another
 * process stands where the one stood that hung. That one is innocent, unless a person wants it restarted all the same.
 */
function startedMeanwhile(victims: readonly Victim[], { reason, tracked, asked }: ActionContext): Victim | undefined {
  if (reason === 'gone' || reason === 'absent') return victims[0];
  const isFresh = tracked !== undefined && victims.every(({ facts }) => !sameProcess(facts, tracked));
  return isFresh && asked !== true ? victims[0] : undefined;
}

/** Before anything is stopped: a secret that is not there must not leave the service stopped. */
function revealAll(env: Options['env']): { readonly values: Readonly<Record<string, string>> } | Trouble {
  try {
    return {
      values: Object.fromEntries(
        Object.entries(env).map(([name, value]) => [name, typeof value === 'string' ? value : value.reveal()]),
      ),
    };
  } catch (error) {
    if (!(error instanceof PersonError)) throw error;
    return { code: error.code, message: error.message, hint: error.hint };
  }
}

/** After the stop the port must be free. If it is not, something else keeps this service or took its place. */
async function startedByOthers(options: Options, { tracked, home }: ActionContext): Promise<ActionOutcome | undefined> {
  const { holders, unseenHolder } = await findPortHolders({ ...options, home }, tracked);
  const [holder] = holders;
  if (holder === undefined && !unseenHolder) return undefined;
  if (holder?.proof !== undefined) {
    return {
      outcome: 'done',
      did: [`${nameProcess(holder.facts)} was started again by something else`],
      process: trackedFrom(holder, tracked),
      trouble: startedAgain(options.service),
    };
  }
  const by = holder === undefined ? 'a process of another user' : nameProcess(holder.facts);
  return {
    outcome: 'failed',
    did: [],
    trouble: {
      code: 'STARTED_BY_OTHERS',
      message: `After the stop, port ${options.port} was taken by ${by}; ${options.service} was not started.`,
      hint: `Find out what starts it (a systemd unit, pm2, cron) and let that be the only one.`,
    },
  };
}

function startedAgain(service: string): Trouble {
  return {
    code: 'STARTED_BY_OTHERS',
    message: `${service} was started again by something else while it was restarted.`,
    hint: `If a supervisor owns it, name it with \`unit:\`, or take \`start:\` out of its config.`,
  };
}

function nothingToStart({ service }: Options, [victim]: readonly Victim[]): Trouble {
  const place = victim && cgroupOf(victim.facts.pid);
  return troubles.nobody(service, place?.kind === 'unit' ? place.unit : undefined);
}

export const restartService = defineAction<Options>({
  name: 'restart-service',
  summary: 'Lets the owner of the service restart it; what nobody owns is stopped and started with its start command.',
  options,
  run,
});
