import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { hasBody } from './body.ts';
import { matchRoute } from './match.ts';
import type { Operations } from './operations.ts';
import { badRequest, type Reply, replyOfError } from './reply.ts';
import { routes } from './routes.ts';
import { assertSocketPath, clearStaleSocket } from './socket.ts';

// A local client sends its few bytes at once. A route may take as long as its looks do.
const HEADERS_WITHIN_MS = 5_000;
const REQUEST_WITHIN_MS = 10_000;
const LAST_ANSWERS_WITHIN_MS = 500;
const MOST_CONNECTIONS = 64;

/**
 * Serves `operations` on a Unix socket that only this user may open (0600): the file's permission is the authority.
 * `onFault` is told of errors that are our own. Throws DAEMON_RUNNING, or HOME_NOT_WRITABLE for an impossible path.
 */
export async function serveOperations(options: {
  readonly socketPath: string;
  readonly operations: Operations;
  readonly onFault?: (error: unknown) => void;
}): Promise<{ close(): Promise<void> }> {
  assertSocketPath(options.socketPath);
  await clearStaleSocket(options.socketPath);
  const server = createServer({ maxHeaderSize: 16_384 }, (request, response) => {
    void handle(request, response, options.operations, options.onFault).then((reply) => send(request, response, reply));
  });
  server.headersTimeout = HEADERS_WITHIN_MS;
  server.requestTimeout = REQUEST_WITHIN_MS;
  server.maxConnections = MOST_CONNECTIONS;
  await listen(server, options.socketPath);
  return { close: () => close(server) };
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  operations: Operations,
  onFault: ((error: unknown) => void) | undefined,
): Promise<Reply> {
  try {
    const [path = '', query = ''] = (request.url ?? '').split('?', 2);
    const match = matchRoute(routes, request.method ?? '', path);
    if (!match.found) return match.reply;
    return await match.route.answer(operations, { request, parts: match.parts, query: new URLSearchParams(query) });
  } catch (error) {
    // The client went away in the middle of its request: nobody's fault, and nobody reads the answer.
    if (request.destroyed && !request.complete) return badRequest('The request did not end.', 'Send it again.');
    const reply = replyOfError(error);
    if (reply.status === 500) onFault?.(error);
    return reply;
  } finally {
    // An answer sent before the whole body was read would leave its rest to be taken for the next request.
    if (!request.complete && hasBody(request)) response.shouldKeepAlive = false;
  }
}

function send(request: IncomingMessage, response: ServerResponse, reply: Reply): void {
  if (response.destroyed) return;
  const isText = typeof reply.body === 'string';
  const bytes = Buffer.from(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body));
  response.writeHead(reply.status, {
    'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json',
    'content-length': bytes.length,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...reply.headers,
  });
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

function listen(server: Server, socketPath: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.once('listening', () => {
      server.off('error', reject);
      resolve();
    });
    // bind(2) happens inside this call and takes the mode from the mask: there is no moment with an open door.
    const mask = process.umask(0o177);
    try {
      server.listen(socketPath);
    } finally {
      process.umask(mask);
    }
  });
}

/** Node removes the socket file itself. Connections that are still open are ended. */
function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const patience = setTimeout(() => server.closeAllConnections(), LAST_ANSWERS_WITHIN_MS);
    server.close(() => {
      clearTimeout(patience);
      resolve();
    });
    server.closeIdleConnections();
  });
}
