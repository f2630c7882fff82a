import http from 'node:http';
import https from 'node:https';
import * as v from 'valibot';
import { type Assessment, defineCheck, type LookContext } from '../src/check.ts';
import { noAnswer } from '../src/core/no-answer.ts';
import { sayDuration, sayReply } from '../src/core/units.ts';

/** A page can be endless; what a person asked to find in it is near its beginning. */
const BODY_LIMIT_BYTES = 64 * 1024;
/** How long a body nobody asked for is drained, so that the server need not log a cut connection. */
const DRAIN_MS = 250;

/** A header's value that must not be shown: anything that gives its text only when asked. */
const secret = v.custom<{ reveal(): string }>(
  (value) => typeof value === 'object' && value !== null && 'reveal' in value && typeof value.reveal === 'function',
  'a text or a secret is needed',
);
const status = v.pipe(v.number(), v.integer(), v.minValue(100), v.maxValue(599));

const options = v.strictObject({
  url: v.pipe(v.string(), v.url(), v.regex(/^https?:/i, 'an address with http: or https: is needed')),
  statuses: v.optional(v.union([v.undefined(), v.array(v.strictObject({ from: status, to: status }))])),
  body: v.optional(v.union([v.undefined(), v.string()])),
  headers: v.optional(v.union([v.undefined(), v.record(v.string(), v.union([v.string(), secret]))])),
  method: v.optional(v.picklist(['GET', 'HEAD']), 'GET'),
});
type Options = v.InferOutput<typeof options>;

type Sight =
  | { readonly kind: 'answer'; readonly status: number; readonly replyMs: number; readonly found: boolean | undefined }
  | { readonly kind: 'no-answer'; readonly waitedMs: number }
  | { readonly kind: 'late'; readonly waitedMs: number }
  | { readonly kind: 'trouble'; readonly code: string | undefined; readonly afterMs: number };

/** One request on a fresh connection: a kept one can work while nothing new is accepted. */
async function observe(options: Options, context: LookContext): Promise<Sight> {
  context.signal.throwIfAborted();
  const { promise, resolve, reject } = withResolvers<Sight>();
  const beganAt = performance.now();
  const elapsedMs = () => performance.now() - beganAt;
  let drain: NodeJS.Timeout | undefined;

  const request = requestFor(options);
  const finish = (sight: Sight) => {
    clearTimeout(deadline);
    clearTimeout(drain);
    context.signal.removeEventListener('abort', onAbort);
    resolve(sight);
    request.destroy();
  };
  const deadline = setTimeout(() => {
    // Timers fire before sockets are read: what has arrived while this program was held up gets its turn first.
    setImmediate(() => {
      const waitedMs = elapsedMs();
      const heldUp = waitedMs - context.timeoutMs > Math.max(1000, context.timeoutMs / 2);
      finish({ kind: heldUp ? 'late' : 'no-answer', waitedMs });
    });
  }, context.timeoutMs);
  const onAbort = () => {
    const waitedMs = elapsedMs();
    if (waitedMs >= context.timeoutMs * 0.95) return finish({ kind: 'no-answer', waitedMs });
    reject(context.signal.reason);
    finish({ kind: 'late', waitedMs });
  };
  context.signal.addEventListener('abort', onAbort, { once: true });

  request.on('error', (error: NodeJS.ErrnoException) =>
    finish({ kind: 'trouble', code: error.code, afterMs: elapsedMs() }),
  );
  request.on('response', (response) => {
    const answer = { kind: 'answer', status: response.statusCode ?? 0, replyMs: elapsedMs() } as const;
    const wanted = options.body;
    let bytes = 0;
    let text = '';
    if (wanted === undefined) drain = setTimeout(() => finish({ ...answer, found: undefined }), DRAIN_MS);
    else response.setEncoding('utf8');
    response.on('data', (chunk: string | Buffer) => {
      bytes += chunk.length;
      if (wanted !== undefined) text += chunk;
      if (wanted !== undefined && text.includes(wanted)) finish({ ...answer, found: true });
      else if (bytes > BODY_LIMIT_BYTES) finish({ ...answer, found: wanted === undefined ? undefined : false });
    });
    response.on('end', () => finish({ ...answer, found: wanted === undefined ? undefined : text.includes(wanted) }));
    response.on('error', (error: NodeJS.ErrnoException) => {
      finish(
        wanted === undefined
          ? { ...answer, found: undefined }
          : { kind: 'trouble', code: error.code, afterMs: elapsedMs() },
      );
    });
  });
  request.end();
  return await promise;
}

function assess(sight: Sight, options: Options): Assessment {
  switch (sight.kind) {
    case 'late':
      return {
        status: 'unknown',
        reason: 'cannot-look',
        message: `this host was too busy to look in time (${sayDuration(sight.waitedMs)})`,
      };
    case 'no-answer':
      return {
        status: 'critical',
        reason: 'silent',
        silent: true,
        message: `no answer within ${sayDuration(sight.waitedMs)}`,
      };
    case 'trouble':
      return troubled(sight.code);
    case 'answer':
      return answered(sight, options);
  }
}

function answered(sight: Extract<Sight, { kind: 'answer' }>, options: Options): Assessment {
  const metrics = { replyMs: Math.round(sight.replyMs * 10) / 10, status: sight.status };
  const { statuses } = options;
  const expected =
    statuses === undefined
      ? sight.status < 500
      : statuses.some(({ from, to }) => sight.status >= from && sight.status <= to);
  if (!expected) {
    const failing = sight.status >= 500;
    const wanted =
      statuses === undefined
        ? ''
        : `, ${statuses.map(({ from, to }) => (from === to ? from : `${from}-${to}`)).join(' or ')} is expected`;
    return {
      status: 'critical',
      reason: failing ? 'failing' : 'wrong-answer',
      message: `answers with status ${sight.status}${wanted}`,
      metrics,
    };
  }
  if (sight.found === false) {
    return {
      status: 'critical',
      reason: 'wrong-answer',
      message: `answers with status ${sight.status}, but without the expected text`,
      metrics,
    };
  }
  return { status: 'ok', reason: 'fine', message: `answers in ${sayReply(sight.replyMs)}`, metrics };
}

function troubled(code: string | undefined): Assessment {
  if (code?.startsWith('HPE_'))
    return { status: 'critical', reason: 'wrong-answer', message: `answers, but not with HTTP (${code})` };
  if (code !== undefined && /CERT|SIGNED|SIGNATURE|ERR_TLS|ERR_SSL|EPROTO/.test(code)) {
    return {
      status: 'critical',
      reason: 'wrong-answer',
      message: `answers, but its certificate or TLS is not accepted (${code})`,
    };
  }
  const { words, ...judged } = noAnswer(code);
  return { ...judged, message: code === undefined ? words : `${words} (${code})` };
}

type Target = {
  readonly send: typeof http.request;
  readonly options: https.RequestOptions;
  readonly headers: Options['headers'];
};
const targets = new WeakMap<Options, Target>();

/** Taking a URL apart costs more than the look's own part of the work; options live as long as the config. */
function requestFor(options: Options): http.ClientRequest {
  let target = targets.get(options);
  if (target === undefined) {
    const { protocol, hostname, port, pathname, search, username, password } = new URL(options.url);
    target = {
      send: protocol === 'https:' ? https.request : http.request,
      headers: { accept: '*/*', 'user-agent': 'jarvis-health', ...options.headers },
      options: {
        hostname: hostname.replace(/^\[|\]$/g, ''),
        port: port === '' ? null : port,
        path: `${pathname}${search}`,
        method: options.method,
        agent: false,
        ...(username === '' ? {} : { auth: `${decodeURIComponent(username)}:${decodeURIComponent(password)}` }),
      },
    };
    targets.set(options, target);
  }
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(target.headers ?? {}))
    headers[name] = typeof value === 'string' ? value : value.reveal();
  return target.send({ ...target.options, headers });
}

/** Promise.withResolvers is not in Node 20. */
function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (reason: unknown) => void } {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

export const httpCheck = defineCheck<Options, Sight>({
  name: 'http',
  summary: 'Asks an address and looks at the status, and at the text where one is expected.',
  options,
  observe,
  assess,
});
