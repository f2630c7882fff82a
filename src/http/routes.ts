import type { IncomingMessage } from 'node:http';
import type { GenericSchema, InferOutput } from 'valibot';
import { checksBody, holdBody, justBy, recoverBody, silenceBody, takeBody } from './bodies.ts';
import { readBody } from './body.ts';
import type { Answer, Operations } from './operations.ts';
import { ok, type Reply, refusal } from './reply.ts';

/** `parts`: the path's variable pieces, decoded; `query`: its parameters. */
type Call = { readonly request: IncomingMessage; readonly parts: readonly string[]; readonly query: URLSearchParams };

export type Route = {
  readonly method: 'GET' | 'POST';
  /** `{}` stands for one piece of the path. */
  readonly path: string;
  readonly answer: (operations: Operations, call: Call) => Promise<Reply> | Reply;
};

/** The routes of INTERFACE.md that have an operation today. The server only translates between HTTP and operations. */
export const routes: readonly Route[] = [
  get('/health', () => ok({ status: 'alive' })),
  get('/readyz', (operations) => {
    const { ready, because } = operations.ready();
    return { status: ready ? 200 : 503, body: { ready, because } };
  }),
  get('/metrics', (operations) => text(operations.metrics?.() ?? '')),
  get('/api/v1/state', (operations) => ok(operations.snapshot())),
  get('/api/v1/runtime/recovery/incidents', (operations) => ok({ incidents: operations.snapshot().incidents })),
  get('/api/v1/runtime/recovery/incidents/{}', (operations, { parts: [id = ''] }) => {
    const incident = operations.snapshot().incidents.find((each) => each.id === id);
    return incident === undefined
      ? refusal({
          code: 'INCIDENT_UNKNOWN',
          message: `There is no incident "${id}".`,
          hint: 'See: jarvis-health incidents',
        })
      : ok(incident);
  }),
  get('/api/v1/alerts', async (operations, { query }) =>
    ok({ alerts: await operations.alerts(query.get('all') === '1') }),
  ),

  post('/api/v1/checks/run', checksBody, async (operations, _, { targets }) =>
    ok({ results: await operations.runChecks(targets) }),
  ),
  post('/api/v1/targets/{}/recover', recoverBody, async (operations, [id = ''], { by, dryRun, force, playbook }) => {
    const { lines, ...answer } = await operations.recover(id, {
      by,
      dryRun,
      force,
      ...(playbook === undefined ? {} : { playbook }),
    });
    return answer.ok ? ok({ ok: true, text: answer.text, lines: lines ?? [] }) : refusal(answer.trouble);
  }),
  post('/api/v1/targets/{}/hold', holdBody, async (operations, [scope = ''], body) =>
    replyOf(await operations.hold(scope, body)),
  ),
  post('/api/v1/targets/{}/release', justBy, async (operations, [scope = ''], { by }) =>
    replyOf(await operations.release(scope, by)),
  ),
  post('/api/v1/targets/{}/silence', silenceBody, async (operations, [scope = ''], body) =>
    replyOf(await operations.silence(scope, body)),
  ),
  post('/api/v1/targets/{}/unsilence', justBy, async (operations, [scope = ''], { by }) =>
    replyOf(await operations.unsilence(scope, by)),
  ),
  post('/api/v1/incidents/{}/ack', justBy, async (operations, [id = ''], { by }) =>
    replyOf(await operations.ackIncident(id, by)),
  ),
  post('/api/v1/incidents/{}/stop', justBy, async (operations, [id = ''], { by }) =>
    replyOf(await operations.stopIncident(id, by)),
  ),
  post('/api/v1/alerts/take', takeBody, async (operations, _, { by, receipt }) =>
    ok({ alerts: await operations.takeAlerts(by, receipt) }),
  ),
  post('/api/v1/alerts/{}/ack', justBy, async (operations, [id = ''], { by }) =>
    replyOf(await operations.ackAlert(id, by)),
  ),
  post('/api/v1/daemon/stop', justBy, (operations, _, { by }) => {
    return { status: 202, body: { ok: true, ...operations.stop(by) } };
  }),
];

function get(path: string, answer: Route['answer']): Route {
  return { method: 'GET', path, answer };
}

function post<S extends GenericSchema>(
  path: string,
  schema: S,
  answer: (operations: Operations, parts: readonly string[], body: InferOutput<S>) => Promise<Reply> | Reply,
): Route {
  return {
    method: 'POST',
    path,
    answer: async (operations, { request, parts }) => {
      const body = await readBody(request, schema);
      return body.ok ? answer(operations, parts, body.value) : body.reply;
    },
  };
}

function replyOf(answer: Answer): Reply {
  return answer.ok ? ok({ ok: true, text: answer.text }) : refusal(answer.trouble);
}

function text(body: string): Reply {
  return { status: 200, body, headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' } };
}
