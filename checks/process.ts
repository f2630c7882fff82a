import * as v from 'valibot';
import { type Assessment, defineCheck, type LookContext } from '../src/check.ts';
import { sameProcess, shortCommand } from '../src/core/command-line.ts';
import type { TrackedProcess } from '../src/core/types.ts';
import { abortable } from '../src/host/abortable.ts';
import { findService, nameProcess, trackedFrom, type Whereabouts } from '../src/host/find-service.ts';
import { sizeOf } from '../src/host/found-file.ts';
import { glanceAt } from '../src/host/glance.ts';
import { lookAt, type ProcessFacts, readProcess } from '../src/host/processes.ts';

const text = v.pipe(v.string(), v.minLength(1));
const optional = <T extends v.GenericSchema>(schema: T) => v.optional(v.union([v.undefined(), schema]));
const options = v.strictObject({
  service: text,
  match: optional(v.pipe(text, v.check(isPattern, 'a text or a valid /regular expression/ is needed'))),
  port: optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535))),
  argv: optional(v.pipe(v.array(v.string()), v.minLength(1))),
  cwd: optional(text),
  logFile: optional(text),
});
type Options = v.InferOutput<typeof options>;

/** A search through all processes costs up to 10 ms and looks come every 250 ms. */
const SEARCH_EVERY_MS = 2_000;
/** A search that found nothing is repeated once at once: the judge asks again before it believes that something is gone. */
const SEARCHES_AT_ONCE = 2;
const USAGE_EVERY_MS = 10_000;
/** A start command is watched for a moment before its start counts, and what it leaves behind is born in that time. */
const START_TAKES_MS = 3_000;

type Usage = Pick<ProcessFacts, 'cpuMs' | 'rssBytes' | 'ageMs'> & { readonly logBytes: number };
type Sight =
  | {
      readonly kind: 'alive';
      readonly process: TrackedProcess;
      readonly name: string;
      readonly stopped: boolean;
      readonly usage: Usage | undefined;
    }
  | { readonly kind: 'gone'; readonly name: string }
  | { readonly kind: 'foreign'; readonly wasTracked: boolean; readonly holder: string | undefined }
  | { readonly kind: 'absent'; readonly by: string }
  | { readonly kind: 'nothing'; readonly because: string };

/** What was found out last for one service; kept as long as its options, so a changed config starts anew. */
type Memory = {
  subject: TrackedProcess | undefined;
  found: Sight | undefined;
  searchedAtMs: number;
  searches: number;
  usageAtMs: number;
  name: string;
};
const memories = new WeakMap<Options, Memory>();

function observe(options: Options, context: LookContext): Sight | Promise<Sight> {
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
): Sight | Promise<Sight> | undefined {
  const look = lookAt(tracked);
  if (look === 'gone') return undefined;
  if (look === 'unreadable') throw new Error(`the system does not show process ${tracked.pid}`);
  if (memory.subject === undefined || !sameProcess(memory.subject, tracked)) follow(memory, tracked);
  if (steadyMs - memory.usageAtMs < USAGE_EVERY_MS) {
    return { kind: 'alive', process: tracked, name: memory.name, stopped: look === 'stopped', usage: undefined };
  }
  memory.usageAtMs = steadyMs;
  return readUsage(tracked, memory, look === 'stopped', options);
}

async function readUsage(tracked: TrackedProcess, memory: Memory, stopped: boolean, options: Options): Promise<Sight> {
  const facts = await readProcess(tracked.pid);
  const usage = facts !== undefined && sameProcess(facts, tracked) ? withLog(facts, options) : undefined;
  if (facts !== undefined && usage !== undefined) memory.name = nameProcess(facts);
  return { kind: 'alive', process: tracked, name: memory.name, stopped, usage };
}

/** A service that writes its log while it starts is at work (DESIGN §5.7). */
function withLog(facts: ProcessFacts, { logFile }: Options): Usage {
  return { ...facts, logBytes: logFile === undefined ? 0 : sizeOf(logFile) };
}

async function search(options: Options, context: LookContext, memory: Memory): Promise<Sight> {
  const { tracked, steadyMs } = context;
  const sameSubject =
    tracked === undefined
      ? memory.subject === undefined
      : memory.subject !== undefined && sameProcess(memory.subject, tracked);
  if (!sameSubject) follow(memory, tracked);
  const recent = steadyMs - memory.searchedAtMs < SEARCH_EVERY_MS;
  if (memory.found !== undefined && recent && memory.searches >= SEARCHES_AT_ONCE) {
    if (memory.found.kind !== 'alive') return memory.found;
    if (lookAt(memory.found.process) !== 'gone') return memory.found;
  }
  const leftWithinMs = startedBefore(context);
  const where = await abortable(findService({ ...options, home: context.home, leftWithinMs }, tracked), context.signal);
  memory.searches = Math.min(memory.searches + 1, SEARCHES_AT_ONCE);
  memory.searchedAtMs = steadyMs;
  memory.found = conclude(where, options, tracked, memory.name);
  return memory.found;
}

/** How old a process may be that the start command, which has ended since, left its work to. */
function startedBefore({ tracked, steadyMs, startedAtMs }: LookContext): number | undefined {
  return tracked !== undefined || startedAtMs === undefined ? undefined : steadyMs - startedAtMs + START_TAKES_MS;
}

function conclude(where: Whereabouts, options: Options, tracked: TrackedProcess | undefined, name: string): Sight {
  const { head, holders, unseenHolder } = where;
  const [holder] = holders;
  // Never seen before and nothing said about how to recognise it: whoever listens on its port is it (DESIGN §4.2).
  // One that was watched on the same terms may be replaced on the same terms; one that was proven may not.
  const anyone = options.match === undefined && tracked?.proven !== true;
  const found = head ?? (anyone ? holder : undefined);
  if (found !== undefined) {
    const stopped = found.facts.state === 'T' || found.facts.state === 't';
    return {
      kind: 'alive',
      process: trackedFrom(found, tracked),
      name: nameProcess(found.facts),
      stopped,
      usage: withLog(found.facts, options),
    };
  }
  if (holder !== undefined)
    return { kind: 'foreign', wasTracked: tracked !== undefined, holder: nameProcess(holder.facts) };
  if (unseenHolder && (tracked !== undefined || options.match !== undefined))
    return { kind: 'foreign', wasTracked: tracked !== undefined, holder: undefined };
  if (tracked !== undefined) return { kind: 'gone', name };
  if (options.match !== undefined) return { kind: 'absent', by: options.match };
  if (options.argv !== undefined && options.port === undefined)
    return { kind: 'absent', by: shortCommand(options.argv) };
  return {
    kind: 'nothing',
    because: unseenHolder
      ? `what listens on port ${options.port} belongs to another user and is not shown`
      : 'no process of it was seen yet',
  };
}

function assess(sight: Sight, options: Options): Assessment {
  switch (sight.kind) {
    case 'alive':
      return alive(sight);
    case 'gone':
      return { status: 'critical', evidence: 'definite', reason: 'gone', message: `${sight.name} is gone` };
    case 'foreign': {
      const holder = sight.holder ?? 'a process of another user';
      return {
        status: 'critical',
        evidence: sight.wasTracked ? 'definite' : 'suspect',
        reason: 'foreign',
        message: `port ${options.port} is held by ${holder}, which is not this service`,
      };
    }
    case 'absent':
      return { status: 'critical', reason: 'absent', message: `no process matches ${sight.by}` };
    case 'nothing':
      return { status: 'idle', reason: 'nothing-to-look-at', message: sight.because };
  }
}

function alive({ process, name, stopped, usage }: Extract<Sight, { kind: 'alive' }>): Assessment {
  const doubt = process.proven ? '' : '; it is not provably this service, so it would never be ended';
  return {
    status: 'ok',
    reason: 'fine',
    message: stopped ? `${name} is stopped by a signal (state T)${doubt}` : `${name} runs${doubt}`,
    process,
    ...(usage === undefined ? {} : { metrics: figures(usage) }),
  };
}

function figures({ cpuMs, rssBytes, ageMs, logBytes }: Usage): Record<string, number> {
  return { cpuMs, rssBytes, ageMs, logBytes };
}

function memoryOf(options: Options): Memory {
  const known = memories.get(options);
  if (known !== undefined) return known;
  const fresh: Memory = {
    subject: undefined,
    found: undefined,
    searchedAtMs: Number.NEGATIVE_INFINITY,
    searches: 0,
    usageAtMs: Number.NEGATIVE_INFINITY,
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

export const processCheck = defineCheck<Options, Sight>({
  name: 'process',
  summary: 'Follows the process that is the service, and says when it is gone or another one took its port.',
  options,
  observe,
  assess,
  glance: glanceAt,
});
