import * as v from 'valibot';
import { type Assessment, defineCheck } from '../src/check.ts';
import { heldUp, noAnswer } from '../src/core/no-answer.ts';
import { sayDuration, sayReply } from '../src/core/units.ts';
import { ask, type Reply } from '../src/host/ask.ts';

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
  /** A good answer that takes longer than this (ms) is a warning. */
  slowMs: v.optional(v.union([v.undefined(), v.pipe(v.number(), v.minValue(1))])),
});
type Options = v.InferOutput<typeof options>;

function assess(sight: Reply, options: Options): Assessment {
  switch (sight.kind) {
    case 'late':
      return heldUp(sight.waitedMs);
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

function answered(sight: Extract<Reply, { kind: 'answer' }>, options: Options): Assessment {
  const metrics = { replyMs: Math.round(sight.replyMs * 10) / 10, status: sight.status };
  const { statuses, slowMs } = options;
  const expected =
    statuses === undefined
      ? sight.status < 500
      : statuses.some(({ from, to }) => sight.status >= from && sight.status <= to);
  // Only a config that names it accepts it: what refuses to be asked says nothing of how it is.
  if (sight.status === TOO_MANY_REQUESTS && !(expected && statuses !== undefined))
    return { status: 'warning', reason: 'rate-limited', message: limited(sight.retryAfterMs), metrics };
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
  if (slowMs !== undefined && sight.replyMs > slowMs) {
    const message = `answers only after ${sayReply(sight.replyMs)}, more than ${sayReply(slowMs)} is slow`;
    return { status: 'warning', reason: 'slow', message, metrics };
  }
  return { status: 'ok', reason: 'fine', message: `answers in ${sayReply(sight.replyMs)}`, metrics };
}

/** RFC 6585, 4. */
const TOO_MANY_REQUESTS = 429;
const LONGEST_WAIT_MS = 86_400_000;

/** What it wishes is shown, however long: no more than a day of it. */
function limited(retryAfterMs: number | undefined): string {
  const says = `answers with status ${TOO_MANY_REQUESTS}: it is asked too often`;
  if (retryAfterMs === undefined) return says;
  const wait = retryAfterMs > LONGEST_WAIT_MS ? 'more than a day' : sayDuration(retryAfterMs);
  return `${says}, and wishes to be left alone for ${wait}`;
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

export const httpCheck = defineCheck<Options, Reply>({
  name: 'http',
  summary: 'Asks an address and looks at the status, and at the text where one is expected.',
  options,
  observe: ask,
  assess,
});
