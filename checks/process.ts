import * as v from 'valibot';
import { defineCheck, type LookContext } from '../src/check.ts';
import { sameProcess, shortCommand } from '../src/core/command-line.ts';
import { assessProcess, type ProcessSight } from '../src/core/process-sight.ts';
import type { TrackedProcess } from '../src/core/types.ts';
import { abortable } from '../src/host/abortable.ts';
import { findProcess, usageOf, withOwner } from '../src/host/find-process.ts';
import { nameProcess } from '../src/host/found-process.ts';
import { gatewayPlace } from '../src/host/gateway/place-schema.ts';
import { glanceAt } from '../src/host/glance.ts';
import { lookAt, readProcess } from '../src/host/processes.ts';

const text = v.pipe(v.string(), v.minLength(1));
const optional = <T extends v.GenericSchema>(schema: T) => v.optional(v.union([v.undefined(), schema]));
const options = v.strictObject({
  service: text,
  match: optional(v.pipe(text, v.check(isPattern, 'a text or a valid /regular expression/ is needed'))),
  port: optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535))),
  argv: optional(v.pipe(v.array(v.string()), v.minLength(1))),
  cwd: optional(text),
  logFile: optional(text),
  unit: optional(text),
  gateway: optional(gatewayPlace),
});
type Options = v.InferOutput<typeof options>;

/** A search that found nothing is repeated once at once: the judge asks again before it believes that something is gone. */
const SEARCHES_AT_ONCE = 2;
const USAGE_EVERY_MS = 10_000;
/** A start command is watched for a moment before its start counts, and what it leaves behind is born in that time. */
const START_TAKES_MS = 3_000;

/** What was found out last for one service; kept as long as its options, so a changed config starts anew. */
type Memory = {
  subject: TrackedProcess | undefined;
  found: ProcessSight | undefined;
  searchedAtMs: number;
  searchEveryMs: number;
  searches: number;
  usageAtMs: number;
  /** Whether it was asked who owns the subject. */
  isOwnerKnown: boolean;
  name: string;
};
const memories = new WeakMap<Options, Memory>();

function observe(options: Options, context: LookContext): ProcessSight | Promise<ProcessSight> {
  const memory = memoryOf(options);
  if (context.tracked !== undefined) {
    const sight = lookAtTracked(context.tracked, memory, context.steadyMs, options);
    if (sight !== undefined) return sight;
  }
  return search(options, context, memory);
}

/** The cheap way, a few µs: `undefined` when the process is gone. Resource use is read along now and then. */
function lookAtTracked(
  tracked: TrackedProcess,
  memory: Memory,
  steadyMs: number,
  options: Options,
): ProcessSight | Promise<ProcessSight> | undefined {
  const look = lookAt(tracked);
  if (look === 'gone') return undefined;
  if (look === 'unreadable') throw new Error(`the system does not show process ${tracked.pid}`);
  // A person may have named its owner since it was found: that one says which process it is.
  if (options.unit !== undefined && (tracked.owner === undefined || !memory.isOwnerKnown)) return undefined;
  if (memory.subject === undefined || !sameProcess(memory.subject, tracked)) follow(memory, tracked);
  if (steadyMs - memory.usageAtMs < USAGE_EVERY_MS) {
    return { kind: 'alive', process: tracked, name: memory.name, stopped: look === 'stopped', usage: undefined };
  }
  memory.usageAtMs = steadyMs;
  return readUsage(tracked, memory, look === 'stopped', options);
}

async function readUsage(
  tracked: TrackedProcess,
  memory: Memory,
  stopped: boolean,
  options: Options,
): Promise<ProcessSight> {
  const facts = await readProcess(tracked.pid);
  if (facts === undefined || !sameProcess(facts, tracked))
    return { kind: 'alive', process: tracked, name: memory.name, stopped, usage: undefined };
  memory.name = nameProcess(facts);
  const process = memory.isOwnerKnown ? tracked : await withOwner(tracked, facts);
  memory.isOwnerKnown ||= process !== undefined;
  return { kind: 'alive', process: process ?? tracked, name: memory.name, stopped, usage: usageOf(facts, options) };
}

async function search(options: Options, context: LookContext, memory: Memory): Promise<ProcessSight> {
  const { tracked, owner, steadyMs } = context;
  const sameSubject =
    tracked === undefined
      ? memory.subject === undefined
      : memory.subject !== undefined && sameProcess(memory.subject, tracked);
  if (!sameSubject) follow(memory, tracked);
  const recent = steadyMs - memory.searchedAtMs < memory.searchEveryMs;
  if (memory.found !== undefined && recent && memory.searches >= SEARCHES_AT_ONCE) {
    if (memory.found.kind !== 'alive') return memory.found;
    if (lookAt(memory.found.process) !== 'gone') return memory.found;
  }
  const { sight, againMs } = await abortable(
    findProcess(options, {
      tracked,
      owner: owner ?? tracked?.owner,
      home: context.home,
      name: memory.name,
      leftWithinMs: startedBefore(context),
    }),
    context.signal,
  );
  memory.searches = Math.min(memory.searches + 1, SEARCHES_AT_ONCE);
  memory.searchedAtMs = steadyMs;
  memory.searchEveryMs = againMs;
  memory.found = sight;
  return sight;
}

/** How old a process may be that the start command left its work to: it may have taken its time to end. */
function startedBefore({ steadyMs, startedAtMs }: LookContext): number | undefined {
  return startedAtMs === undefined ? undefined : steadyMs - startedAtMs + START_TAKES_MS;
}

function memoryOf(options: Options): Memory {
  const known = memories.get(options);
  if (known !== undefined) return known;
  const fresh: Memory = {
    subject: undefined,
    found: undefined,
    searchedAtMs: Number.NEGATIVE_INFINITY,
    searchEveryMs: 0,
    searches: 0,
    usageAtMs: Number.NEGATIVE_INFINITY,
    isOwnerKnown: false,
    name: '',
  };
  memories.set(options, fresh);
  return fresh;
}

function follow(memory: Memory, tracked: TrackedProcess | undefined): void {
  memory.subject = tracked;
  memory.found = undefined;
  memory.searches = 0;
  memory.usageAtMs = Number.NEGATIVE_INFINITY;
  memory.isOwnerKnown = tracked?.owner !== undefined;
  memory.name = tracked === undefined ? '' : `${shortCommand(tracked.command.split(' '))} (pid ${tracked.pid})`;
}

function isPattern(match: string): boolean {
  if (match.length < 3 || !match.startsWith('/') || !match.endsWith('/')) return true;
  try {
    new RegExp(match.slice(1, -1));
    return true;
  } catch {
    return false;
  }
}

export const processCheck = defineCheck<Options, ProcessSight>({
  name: 'process',
  summary: 'Follows the process that is the service, and says when it is gone or another one took its port.',
  options,
  observe,
  assess: (sight, { port }) => assessProcess(sight, port),
  glance: glanceAt,
});
