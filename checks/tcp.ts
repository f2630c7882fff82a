import net from 'node:net';
import * as v from 'valibot';
import { type Assessment, defineCheck, type LookContext } from '../src/check.ts';
import { noAnswer } from '../src/core/no-answer.ts';
import { sayDuration, sayReply } from '../src/core/units.ts';

const options = v.strictObject({
  host: v.pipe(v.string(), v.minLength(1)),
  port: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535)),
});
type Options = v.InferOutput<typeof options>;

type Sight =
  | { readonly kind: 'connected'; readonly replyMs: number }
  | { readonly kind: 'no-answer'; readonly waitedMs: number }
  | { readonly kind: 'trouble'; readonly code: string | undefined };

/** Connects and says nothing: some services count or log what they are told. */
function observe(options: Options, context: LookContext): Promise<Sight> {
  return new Promise((resolve, reject) => {
    if (context.signal.aborted) return reject(context.signal.reason);
    const beganAt = performance.now();
    const socket = net.connect({ host: options.host, port: options.port });
    const finish = (sight: Sight) => {
      clearTimeout(deadline);
      context.signal.removeEventListener('abort', onAbort);
      socket.destroy();
      resolve(sight);
    };
    // After the timer the sockets get their turn: an answer that is here already is an answer.
    const deadline = setTimeout(
      () => setImmediate(() => finish({ kind: 'no-answer', waitedMs: performance.now() - beganAt })),
      context.timeoutMs,
    );
    const onAbort = () => {
      const waitedMs = performance.now() - beganAt;
      if (waitedMs < context.timeoutMs * 0.95) reject(context.signal.reason);
      finish({ kind: 'no-answer', waitedMs });
    };
    context.signal.addEventListener('abort', onAbort, { once: true });
    socket.on('connect', () => finish({ kind: 'connected', replyMs: performance.now() - beganAt }));
    socket.on('error', (error: NodeJS.ErrnoException) => finish({ kind: 'trouble', code: error.code }));
  });
}

function assess(sight: Sight): Assessment {
  switch (sight.kind) {
    case 'connected':
      return {
        status: 'ok',
        reason: 'fine',
        message: `accepts connections in ${sayReply(sight.replyMs)}`,
        metrics: { replyMs: Math.round(sight.replyMs * 10) / 10 },
      };
    case 'no-answer':
      return {
        status: 'critical',
        reason: 'silent',
        silent: true,
        message: `no connection within ${sayDuration(sight.waitedMs)}`,
      };
    case 'trouble': {
      const { words, ...judged } = noAnswer(sight.code);
      return { ...judged, message: sight.code === undefined ? words : `${words} (${sight.code})` };
    }
  }
}

export const tcpCheck = defineCheck<Options, Sight>({
  name: 'tcp',
  summary: 'Connects to a port; that it accepts is enough.',
  options,
  observe,
  assess,
});
