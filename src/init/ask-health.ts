import { ask, type Reply } from '../host/ask.ts';
import type { Answer, SeenPort } from './seen.ts';

const ASK_MS = 1_000;
const HEALTH = '/health';

/** Asks a port of this host for `/` and `/health`, with a second for both. */
export async function askHealth(
  { address, port }: Pick<SeenPort, 'address' | 'port'>,
  timeoutMs = ASK_MS,
): Promise<Answer> {
  const at = `http://${address === '::1' ? '[::1]' : '127.0.0.1'}:${port}`;
  const [front, health] = await Promise.all([get(`${at}/`, timeoutMs), get(`${at}${HEALTH}`, timeoutMs)]);
  if (isGood(health) && !isSamePage(front, health)) return { kind: 'healthy', path: HEALTH };
  if (front.kind !== 'answer') return { kind: 'mute' };
  return { kind: front.status < 500 ? 'page' : 'failing', status: front.status };
}

async function get(url: string, timeoutMs: number): Promise<Reply> {
  const question = { url, method: 'GET', keep: true } as const;
  try {
    return await ask(question, { signal: AbortSignal.timeout(timeoutMs + 200), timeoutMs });
  } catch {
    return { kind: 'no-answer', waitedMs: timeoutMs };
  }
}

function isGood(reply: Reply): boolean {
  return reply.kind === 'answer' && reply.status >= 200 && reply.status < 300;
}

/** Some apps give their front page for every address: that says nothing about health. */
function isSamePage(front: Reply, health: Reply): boolean {
  return front.kind === 'answer' && health.kind === 'answer' && isGood(front) && front.text === health.text;
}
