import * as v from 'valibot';
import { BRANDS, type GatewayBrand, type GatewayDoor, gatewayUrl } from '../../core/gateway.ts';
import { ask, type Reply } from '../ask.ts';

/** What a gateway says of itself; sizes of lists and words are bounded, and their origin is not trusted. */
export type Readiness = {
  readonly status: number;
  readonly failing: readonly string[];
  readonly uptimeMs: number | undefined;
};
export type GatewayReply = {
  /** Whether it is alive: the witness. */
  readonly alive: Reply;
  /** What it says of being ready; `undefined` where it has no such word, `no-answer` when it gave none in time. */
  readonly ready: Readiness | 'no-answer' | undefined;
};

type AskContext = { readonly signal: AbortSignal; readonly timeoutMs: number };

/** How long it may take to say that it is ready once it has said that it is alive. */
const READY_MS = 3_000;
/** So that the second question ends before the look is called off, which would say nothing at all. */
const SPARE_MS = 100;

/** Two short questions, 1 ms each when all is well. What answers at all is alive, be it with a page of HTML. */
export async function askGateway(brand: GatewayBrand, door: GatewayDoor, context: AskContext): Promise<GatewayReply> {
  const { hasHealth } = BRANDS[brand];
  const about = { method: 'GET', anyCertificate: true } as const;
  const alive = await ask({ ...about, url: gatewayUrl(door, hasHealth ? '/healthz' : '/') }, context);
  if (!hasHealth || alive.kind !== 'answer') return { alive, ready: undefined };
  const timeoutMs = Math.min(READY_MS, context.timeoutMs - alive.replyMs - SPARE_MS);
  if (timeoutMs <= 0) return { alive, ready: 'no-answer' };
  const reply = await ask({ ...about, url: gatewayUrl(door, '/readyz'), keep: true }, { ...context, timeoutMs });
  return { alive, ready: readinessIn(reply) };
}

const body = v.object({
  failing: v.fallback(v.array(v.string()), []),
  uptimeMs: v.fallback(v.optional(v.pipe(v.number(), v.finite(), v.minValue(0))), undefined),
});
const MOST_NAMES = 5;
const LONGEST_NAME = 60;

/** Older ones have no such page (404), or answer every address with the same HTML. */
function readinessIn(reply: Reply): GatewayReply['ready'] {
  if (reply.kind !== 'answer') return 'no-answer';
  if (reply.status === 404) return undefined;
  const { failing, uptimeMs } = read(reply.text ?? '');
  const names = failing.slice(0, MOST_NAMES).map((name) => name.slice(0, LONGEST_NAME));
  return { status: reply.status, failing: names, uptimeMs };
}

function read(text: string): v.InferOutput<typeof body> {
  try {
    const parsed = v.safeParse(body, JSON.parse(text));
    if (parsed.success) return parsed.output;
  } catch {
    // Not JSON.
  }
  return { failing: [], uptimeMs: undefined };
}
