import type { IncomingMessage } from 'node:http';
import type { GenericSchema, InferOutput } from 'valibot';
import * as v from 'valibot';
import { badRequest, type Reply } from './reply.ts';

const MOST_BYTES = 64 * 1024;

export type BodyReading<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reply: Reply };

/**
 * The JSON body of a request, checked by `schema`; no body at all counts as `{}`. A body must say that it is JSON:
 * a page of another origin cannot send that content type without being asked first (Fetch, "CORS-safelisted").
 */
export async function readBody<S extends GenericSchema>(
  request: IncomingMessage,
  schema: S,
): Promise<BodyReading<InferOutput<S>>> {
  const no = (message: string, hint: string, status?: number) =>
    ({ ok: false, reply: badRequest(message, hint, status) }) as const;
  const announced = Number(request.headers['content-length'] ?? 0);
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (hasBody(request) && type !== 'application/json') {
    return no(`The content type is "${type}".`, 'Send content-type: application/json.', 415);
  }
  const text = announced > MOST_BYTES ? undefined : await readText(request);
  if (text === undefined) return no(`The body is larger than ${MOST_BYTES} bytes.`, 'Send less.', 413);
  let seen: unknown = {};
  try {
    if (text.trim() !== '') seen = JSON.parse(text);
  } catch {
    return no('The body is not JSON.', 'Send one JSON object.');
  }
  const parsed = v.safeParse(schema, seen);
  if (parsed.success) return { ok: true, value: parsed.output };
  const [issue] = parsed.issues;
  return no(`${v.getDotPath(issue) ?? 'The body'}: ${issue.message}`, 'docs/http.md lists what each route takes.');
}

export function hasBody(request: IncomingMessage): boolean {
  return Number(request.headers['content-length'] ?? 0) > 0 || request.headers['transfer-encoding'] !== undefined;
}

/** `undefined` when it is too long. Rejects when the client goes away or the server's time-out ends the request. */
function readText(request: IncomingMessage): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= MOST_BYTES) {
        chunks.push(chunk);
        return;
      }
      // Not destroyed: the connection is still needed for the answer.
      request.removeAllListeners('data').pause();
      resolve(undefined);
    });
    request.once('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    request.once('error', reject);
    request.once('close', () => reject(new Error('the request ended early')));
  });
}
