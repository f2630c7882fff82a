import type { Trouble } from '../core/types.ts';
import { PersonError } from '../errors.ts';

/** What a route answers. A body that is a string is sent as text, everything else as JSON. */
export type Reply = {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

// RFC 9110 §15. Codes of the registry that a client did nothing to cause are the server's: 500.
const STATUS: Readonly<Record<string, number>> = {
  USAGE: 400,
  NOT_PERMITTED: 403,
  TARGET_UNKNOWN: 404,
  INCIDENT_UNKNOWN: 404,
  ALERT_UNKNOWN: 404,
  NOT_NEEDED: 409,
  TRY_LATER: 409,
  DAEMON_NOT_RUNNING: 503,
  DAEMON_SILENT: 503,
  SAVE_FAILED: 507,
  DISK_FULL: 507,
};

export function ok(body: unknown): Reply {
  return { status: 200, body };
}

/** `{ code, message, hint }` with the HTTP status that fits the code. */
export function refusal({ code, message, hint }: Trouble, status = STATUS[code] ?? 500): Reply {
  return { status, body: { code, message, hint } };
}

/** A request that is wrong in itself. */
export function badRequest(message: string, hint: string, status = 400): Reply {
  return refusal({ code: 'USAGE', message, hint }, status);
}

/** Trouble for a person is passed on; any other error is our fault and its text stays here. */
export function replyOfError(error: unknown): Reply {
  if (error instanceof PersonError) return refusal(error);
  return refusal({
    code: 'INTERNAL',
    message: 'The daemon could not do this.',
    hint: 'The log says why: jarvis-health logs --level error',
  });
}
