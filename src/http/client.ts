import { connect } from 'node:net';
import { ERRORS, type ErrorCode, PersonError } from '../errors.ts';

/*
 * A hand-written HTTP/1.0 request over the Unix socket. node:http would do, but its client takes 10 ms longer to load
 * and use, of 75 that `node -e 0` takes (Node 20), and all that is needed of it is one request and one answer: under
 * HTTP/1.0 the answer is not chunked and ends with the connection (RFC 1945 §7.2).
 */

export type Question = {
  readonly socketPath: string;
  readonly method?: 'GET' | 'POST';
  /** Already encoded. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** For the whole exchange; a route that waits for looks needs longer. */
  readonly timeoutMs?: number;
};

export type Response = { readonly status: number; readonly body: unknown };

const MOST_BYTES = 32 * 1024 * 1024;

/** One exchange with the daemon. Throws DAEMON_NOT_RUNNING, DAEMON_SILENT or NOT_PERMITTED when there is no answer. */
export function exchange(question: Question): Promise<Response> {
  const { socketPath, method = 'GET', path, timeoutMs = 5_000 } = question;
  const body = question.body === undefined ? '' : JSON.stringify(question.body);
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath);
    const chunks: Buffer[] = [];
    let bytes = 0;
    const timer = setTimeout(() => end(silent(`no answer within ${Math.round(timeoutMs / 100) / 10} s`)), timeoutMs);
    const end = (outcome: Response | PersonError): void => {
      clearTimeout(timer);
      socket.destroy();
      if (outcome instanceof PersonError) reject(outcome);
      else resolve(outcome);
    };
    socket.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes > MOST_BYTES) end(silent('its answer has no end'));
    });
    socket.once('end', () => end(parseResponse(Buffer.concat(chunks)) ?? silent('its answer was cut off')));
    socket.once('error', (error: NodeJS.ErrnoException) => end(troubleOf(error, socketPath)));
    const length =
      body === '' ? '' : `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`;
    socket.write(`${method} ${path} HTTP/1.0\r\nhost: localhost\r\n${length}\r\n${body}`);
  });
}

/** As `exchange`, but an answer that is a refusal is thrown as the PersonError it carries. */
export async function ask(question: Question): Promise<unknown> {
  const { status, body } = await exchange(question);
  if (status >= 200 && status < 300) return body;
  throw (
    refusalOf(body) ??
    new PersonError(
      'INTERNAL',
      `The daemon answered with status ${status}.`,
      'Is it of another version? Run: jarvis-health restart',
    )
  );
}

function parseResponse(bytes: Buffer): Response | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const head = bytes.toString('latin1', 0, headEnd);
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1];
  const length = /^content-length: *(\d+)/im.exec(head)?.[1];
  const body = bytes.subarray(headEnd + 4);
  if (status === undefined || (length !== undefined && body.length < Number(length))) return undefined;
  const text = body.toString('utf8');
  if (!/^content-type: *application\/json/im.test(head)) return { status: Number(status), body: text };
  try {
    return { status: Number(status), body: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function refusalOf(body: unknown): PersonError | undefined {
  if (typeof body !== 'object' || body === null || !('code' in body) || !('message' in body)) return undefined;
  const { code, message } = body;
  const hint = 'hint' in body ? String(body.hint) : '';
  return isCode(code)
    ? new PersonError(code, String(message), hint)
    : new PersonError('INTERNAL', `${String(code)}: ${String(message)}`, hint);
}

function isCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(ERRORS, code);
}

function silent(why: string): PersonError {
  return new PersonError(
    'DAEMON_SILENT',
    `The daemon does not answer: ${why}.`,
    'If it stays so: jarvis-health restart',
  );
}

function troubleOf(error: NodeJS.ErrnoException, socketPath: string): PersonError {
  switch (error.code) {
    case 'ENOENT':
    case 'ECONNREFUSED':
    case 'ENOTSOCK':
    case 'ENOTDIR':
      return new PersonError(
        'DAEMON_NOT_RUNNING',
        'No daemon runs for this home folder.',
        'Start it: jarvis-health start',
      );
    case 'EACCES':
    case 'EPERM':
      return new PersonError(
        'NOT_PERMITTED',
        `${socketPath} belongs to another user.`,
        'Run it as the user whose daemon it is.',
      );
    default:
      return silent(error.code ?? error.message);
  }
}
