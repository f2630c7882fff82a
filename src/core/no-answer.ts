import type { Reason, Status } from './types.ts';
import { sayDuration } from './units.ts';

/** How a connection that gave no answer is judged. */
export type NoAnswer = {
  readonly status: Status;
  readonly reason: Reason;
  readonly silent: boolean;
  readonly words: string;
};

const unknown = (words: string): NoAnswer => ({ status: 'unknown', reason: 'cannot-look', silent: false, words });
const silent = (words: string): NoAnswer => ({ status: 'critical', reason: 'silent', silent: true, words });

/**
 * Sorts the error codes of connect(2), read(2), getaddrinfo(3) and Node into: the service does not answer, and we could
 * not look. What is not in the table was not understood, and what was not understood is never healed.
 */
const CODES: Readonly<Record<string, NoAnswer>> = {
  ECONNREFUSED: { status: 'critical', reason: 'refused', silent: true, words: 'nothing accepts connections' },
  // A Unix socket or a dual-stack name gives the same through other codes.
  ECONNRESET: silent('the connection was cut before an answer came'),
  EPIPE: silent('the connection was cut before an answer came'),
  ETIMEDOUT: silent('the connection timed out'),
  ECONNABORTED: silent('the connection was cut before an answer came'),
  ENOTFOUND: unknown('its name cannot be resolved'),
  EAI_AGAIN: unknown('the name server does not answer'),
  EAI_FAIL: unknown('its name cannot be resolved'),
  EACCES: unknown('the system does not allow this connection'),
  EPERM: unknown('the system (a firewall?) does not allow this connection'),
  EMFILE: unknown('this program has no file descriptors left'),
  ENFILE: unknown('the host has no file descriptors left'),
  ENOBUFS: unknown('the host has no network buffers left'),
  ENOMEM: unknown('the host has no memory left'),
  EADDRNOTAVAIL: unknown('the host has no free local port or address for it'),
  ENETUNREACH: unknown('its network cannot be reached from here'),
  ENETDOWN: unknown('the network is down'),
  EHOSTUNREACH: unknown('its host cannot be reached from here'),
  EHOSTDOWN: unknown('its host cannot be reached from here'),
};

export function noAnswer(code: string | undefined): NoAnswer {
  return CODES[code ?? ''] ?? unknown(`an unexpected trouble (${code ?? 'no code'})`);
}

/** The silence was ours: this program was held up for so long that it says nothing about the other side. */
export function heldUp(waitedMs: number): { status: 'unknown'; reason: 'cannot-look'; message: string } {
  const message = `this host was too busy to look in time (${sayDuration(waitedMs)})`;
  return { status: 'unknown', reason: 'cannot-look', message };
}
