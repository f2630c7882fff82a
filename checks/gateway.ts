import * as v from 'valibot';
import { type Assessment, defineCheck, type LookContext } from '../src/check.ts';
import { sameProcess } from '../src/core/command-line.ts';
import { doorOf, type GatewayDoor, type GatewayPlace } from '../src/core/gateway.ts';
import { heldUp, noAnswer } from '../src/core/no-answer.ts';
import type { ProcessIdentity } from '../src/core/types.ts';
import { sayDuration, sayReply } from '../src/core/units.ts';
import { wallMs } from '../src/host/clock.ts';
import { askGateway, type GatewayReply, type Readiness } from '../src/host/gateway/ask-gateway.ts';
import { breakerTrippedAt } from '../src/host/gateway/breaker.ts';
import { findDoor } from '../src/host/gateway/find-door.ts';
import { readGatewayLock } from '../src/host/gateway/lock.ts';
import { type GatewayMemory, gatewayMemory } from '../src/host/gateway/memory.ts';
import { gatewayPlace } from '../src/host/gateway/place-schema.ts';

const options = v.strictObject({
  /** `undefined`: none is installed. */
  gateway: v.union([v.undefined(), gatewayPlace]),
  /** In place of the port that it has by its lock or config. */
  port: v.optional(v.union([v.undefined(), v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535))])),
});
type Options = v.InferOutput<typeof options>;

type Sight = {
  readonly reply: GatewayReply;
  /** How long its present run lasts; known while it does not answer from its lock. */
  readonly runAgeMs: number | undefined;
  /** Since its own crash-loop breaker tripped. */
  readonly trippedMs: number | undefined;
  /** Of its whole process tree; `undefined` until its process is known. */
  readonly memory?: GatewayMemory | undefined;
};

/** Its breaker lets channels start again when five quiet minutes have passed; seen to take six. */
const BREAKER_COUNTS_MS = 10 * 60_000;

/** Where it answered last: while it runs, its config may already name the next port. */
const doors = new WeakMap<Options, GatewayDoor>();

/** The list of all processes takes 5–10 ms to read on Linux, 50 on macOS, and a leak takes hours. */
const MEMORY_EVERY_MS = 60_000;
type Measured = {
  readonly tracked: ProcessIdentity;
  readonly atMs: number;
  readonly memory: GatewayMemory | undefined;
};
const measured = new WeakMap<Options, Measured>();

async function memoryOf(
  options: Options,
  { tracked, steadyMs }: LookContext,
): Promise<{ readonly memory?: GatewayMemory | undefined }> {
  const { gateway } = options;
  if (gateway === undefined || tracked === undefined) return {};
  const before = measured.get(options);
  if (before !== undefined && steadyMs - before.atMs < MEMORY_EVERY_MS && sameProcess(before.tracked, tracked))
    return { memory: before.memory };
  // A figure that cannot be had is no reason not to look.
  const memory = await gatewayMemory(gateway, tracked).catch(() => undefined);
  measured.set(options, { tracked, atMs: steadyMs, memory });
  return { memory };
}

async function observe(options: Options, context: LookContext): Promise<Sight> {
  const { gateway } = options;
  if (gateway === undefined) throw new Error('no gateway is installed: there is neither ~/.openclaw nor ~/.clawdbot');
  const door = doors.get(options) ?? doorOf({ ...gateway, port: options.port ?? gateway.port });
  const reply = await askGateway(gateway.brand, door, context);
  const trippedAt = gateway.brand === 'openclaw' ? breakerTrippedAt(gateway) : undefined;
  const trippedMs = trippedAt === undefined ? undefined : wallMs() - trippedAt;
  if (reply.alive.kind !== 'trouble')
    return { reply, runAgeMs: undefined, trippedMs, ...(await memoryOf(options, context)) };
  return { ...(await lookAtLock(reply, door, options, gateway, context)), trippedMs };
}

/** Nobody answers there: its lock says whether it has only just begun, and whether it listens elsewhere. */
async function lookAtLock(
  reply: GatewayReply,
  door: GatewayDoor,
  options: Options,
  gateway: GatewayPlace,
  context: LookContext,
): Promise<Pick<Sight, 'reply' | 'runAgeMs'>> {
  doors.delete(options);
  const lock = await readGatewayLock(gateway);
  if (lock === undefined) return { reply, runAgeMs: undefined };
  const runAgeMs = Math.max(0, wallMs() - lock.begunAt);
  const other = options.port === undefined ? await findDoor(gateway, lock) : undefined;
  if (other === undefined || (other.port === door.port && other.host === door.host)) return { reply, runAgeMs };
  const there = await askGateway(gateway.brand, other, context);
  if (there.alive.kind === 'answer') doors.set(options, other);
  return { reply: there, runAgeMs };
}

function assess({ reply, runAgeMs, trippedMs, memory = undefined }: Sight): Assessment {
  const { alive, ready } = reply;
  switch (alive.kind) {
    case 'late':
      return heldUp(alive.waitedMs);
    case 'no-answer':
      return {
        status: 'critical',
        reason: 'silent',
        silent: true,
        message: `accepts connections and gives no answer within ${sayDuration(alive.waitedMs)}`,
        ...(memory === undefined ? {} : { metrics: memory }),
      };
    case 'trouble':
      return troubled(alive.code, runAgeMs);
    case 'answer': {
      const uptimeMs = typeof ready === 'object' ? ready.uptimeMs : undefined;
      const figures = { replyMs: Math.round(alive.replyMs * 10) / 10, status: alive.status, ...memory };
      const metrics = uptimeMs === undefined ? figures : { ...figures, runAgeMs: uptimeMs };
      if (alive.status >= 500)
        return { status: 'critical', reason: 'failing', message: `answers with status ${alive.status}`, metrics };
      const because = degradedBy(ready, trippedMs);
      if (because !== undefined) return { status: 'warning', reason: 'degraded', message: because, metrics };
      return { status: 'ok', reason: 'fine', message: `answers in ${sayReply(alive.replyMs)}`, metrics };
    }
  }
}

const CUT: readonly string[] = ['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'EPROTO'];

function troubled(code: string | undefined, runAgeMs: number | undefined): Assessment {
  if (code?.startsWith('HPE_'))
    return { status: 'critical', reason: 'wrong-answer', message: `answers, but not with HTTP (${code})` };
  // What hangs cuts nothing. It may speak another protocol than its config says, since it was last started.
  if (CUT.includes(code ?? ''))
    return { status: 'critical', reason: 'wrong-answer', message: `accepts connections and cuts them (${code})` };
  const { words, ...judged } = noAnswer(code);
  const begun = runAgeMs === undefined ? '' : `; its present run began ${sayDuration(runAgeMs)} ago`;
  const metrics = runAgeMs === undefined ? {} : { metrics: { runAgeMs } };
  return { ...judged, message: `${code === undefined ? words : `${words} (${code})`}${begun}`, ...metrics };
}

const WORDS: Readonly<Record<string, string>> = {
  'gateway-draining': 'finishes its work before it ends or begins anew',
  'startup-sidecars': 'still starts parts of itself',
};

/** It is alive, and yet not all there. Never a reason to restart it. */
function degradedBy(ready: GatewayReply['ready'], trippedMs: number | undefined): string | undefined {
  if (ready === 'no-answer') return 'is alive, but does not say whether it is ready';
  if (ready !== undefined && ready.status >= 500) return `is alive, but not ready: ${notReady(ready)}`;
  if (trippedMs === undefined || trippedMs >= BREAKER_COUNTS_MS) return undefined;
  return `is alive, but its channels may be off: its own crash-loop breaker tripped ${sayDuration(trippedMs)} ago`;
}

function notReady({ status, failing }: Readiness): string {
  if (failing.length === 0) return `status ${status}`;
  return failing.map((name) => (Object.hasOwn(WORDS, name) ? `it ${WORDS[name]} (${name})` : name)).join(', ');
}

export const gatewayCheck = defineCheck<Options, Sight>({
  name: 'gateway',
  summary: "Asks an agent's gateway whether it is alive, and whether it is ready.",
  options,
  observe,
  assess,
});
