import http from 'node:http';
import https from 'node:https';
import { wallMs } from './clock.ts';

/** A page can be endless; what a person asked to find in it is near its beginning. */
const BODY_LIMIT_BYTES = 64 * 1024;
/** How long a body nobody asked for is drained, so that the server need not log a cut connection. */
const DRAIN_MS = 250;

/** What to ask. Keep the object as long as the config is the same: the address is taken apart once. */
export type Question = {
  readonly url: string;
  readonly method: 'GET' | 'HEAD';
  /** A value that must not be shown gives its text only when asked. */
  readonly headers?: Readonly<Record<string, string | { reveal(): string }>> | undefined;
  /** Text to look for in the first 64 KiB of the body. */
  readonly body?: string | undefined;
  /** Whether a certificate that nobody vouches for will do: on the loopback, where nothing secret is sent. */
  readonly anyCertificate?: boolean | undefined;
  /** Whether the first 64 KiB of the body are wanted themselves. */
  readonly keep?: boolean | undefined;
};

export type Reply =
  /** `found`: whether the text was there; `undefined` when none was asked for. `replyMs`: until the headers were here. */
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly replyMs: number;
      readonly found: boolean | undefined;
      /** Only when it was to be kept, and came to its end. */
      readonly text?: string;
      /** How long it wishes not to be asked (Retry-After), where it says so in a way that can be read. */
      readonly retryAfterMs?: number;
    }
  | { readonly kind: 'no-answer'; readonly waitedMs: number }
  /** This program was held up for so long that the silence says nothing about the other side. */
  | { readonly kind: 'late'; readonly waitedMs: number }
  | { readonly kind: 'trouble'; readonly code: string | undefined; readonly afterMs: number };

/**
 * One request on a fresh connection: a kept one can work while nothing new is accepted. Redirects are answers.
 * Throws the signal's reason when it is called off before `timeoutMs`, and what `reveal` throws.
 */
export async function ask(
  question: Question,
  context: { readonly signal: AbortSignal; readonly timeoutMs: number },
): Promise<Reply> {
  context.signal.throwIfAborted();
  const { promise, resolve, reject } = withResolvers<Reply>();
  const beganAt = performance.now();
  const elapsedMs = () => performance.now() - beganAt;
  let drain: NodeJS.Timeout | undefined;

  const request = requestFor(question);
  const finish = (sight: Reply) => {
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
    const retryAfterMs = readRetryAfter(response.headers['retry-after']);
    const answer = {
      kind: 'answer',
      status: response.statusCode ?? 0,
      replyMs: elapsedMs(),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    } as const;
    const wanted = question.body;
    const keeps = wanted !== undefined || question.keep === true;
    let bytes = 0;
    let text = '';
    // A stream of events never ends, and a body may be promised and not come: the status is the answer.
    if (!keeps) drain = setTimeout(() => finish({ ...answer, found: undefined }), DRAIN_MS);
    else response.setEncoding('utf8');
    response.on('data', (chunk: string | Buffer) => {
      bytes += chunk.length;
      if (keeps) text += chunk;
      if (wanted !== undefined && text.includes(wanted)) finish({ ...answer, found: true });
      else if (bytes > BODY_LIMIT_BYTES) finish({ ...answer, found: wanted === undefined ? undefined : false });
    });
    response.on('end', () => {
      const kept = question.keep === true ? { text } : {};
      finish({ ...answer, ...kept, found: wanted === undefined ? undefined : text.includes(wanted) });
    });
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

type Target = {
  readonly send: typeof http.request;
  readonly options: https.RequestOptions;
  readonly headers: Question['headers'];
};
const targets = new WeakMap<Question, Target>();

/** Agents that keep nothing: each request has a connection of its own, without an agent of its own. */
const agent = new http.Agent({ keepAlive: false });
const tlsAgent = new https.Agent({ keepAlive: false, maxCachedSessions: 0 });

/** Taking a URL apart costs more than the look's own part of the work; the question lives as long as the config. */
function requestFor(question: Question): http.ClientRequest {
  let target = targets.get(question);
  if (target === undefined) {
    const { protocol, hostname, port, pathname, search, username, password } = new URL(question.url);
    target = {
      send: protocol === 'https:' ? https.request : http.request,
      headers: { accept: '*/*', 'user-agent': 'jarvis-health', ...question.headers },
      options: {
        hostname: hostname.replace(/^\[|\]$/g, ''),
        port: port === '' ? null : port,
        path: `${pathname}${search}`,
        method: question.method,
        agent: protocol === 'https:' ? tlsAgent : agent,
        ...(question.anyCertificate === true ? { rejectUnauthorized: false } : {}),
        ...(username === '' ? {} : { auth: `${decodeURIComponent(username)}:${decodeURIComponent(password)}` }),
      },
    };
    targets.set(question, target);
  }
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(target.headers ?? {}))
    headers[name] = typeof value === 'string' ? value : value.reveal();
  return target.send({ ...target.options, headers });
}

/** Seconds, or the date of an end (RFC 9110, 10.2.3). */
function readRetryAfter(text: string | undefined): number | undefined {
  if (text === undefined || text.length > 40) return undefined;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text) * 1_000;
  const at = /^[A-Za-z]{3,9},? /.test(text) ? Date.parse(text) : Number.NaN;
  return at > wallMs() ? at - wallMs() : undefined;
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
