/**
 * The registry of every error a person can meet. A test holds docs/errors.md against it.
 * `exit` follows sysexits(3): 64 usage, 69 unavailable, 70 internal, 73 cannot write, 75 try later, 77 not permitted, 78 config.
 */
export const ERRORS = {
  USAGE: { exit: 64, summary: 'The command line is wrong.' },
  TARGET_UNKNOWN: { exit: 64, summary: 'No target has this name.' },
  INCIDENT_UNKNOWN: { exit: 64, summary: 'No incident has this number.' },
  ALERT_UNKNOWN: { exit: 64, summary: 'No pending alert has this id.' },
  DAEMON_NOT_RUNNING: { exit: 69, summary: 'No daemon answers for this home folder.' },
  DAEMON_SILENT: { exit: 69, summary: 'The daemon runs but does not answer.' },
  INTERNAL: { exit: 70, summary: 'A promise of the program was broken; please report it.' },
  HOME_NOT_WRITABLE: { exit: 73, summary: 'The home folder cannot be written.' },
  SAVE_FAILED: { exit: 73, summary: 'Something could not be saved.' },
  DAEMON_RUNNING: { exit: 75, summary: 'A daemon already runs for this home folder.' },
  TRY_LATER: { exit: 75, summary: 'A limit or a hold is in force.' },
  NOT_PERMITTED: { exit: 77, summary: 'The system did not allow it.' },
  CONFIG_INVALID: { exit: 78, summary: 'The config file is wrong.' },
  CONFIG_UNREADABLE: { exit: 78, summary: 'The config file cannot be read.' },
} as const satisfies Record<string, { exit: number; summary: string }>;

export type ErrorCode = keyof typeof ERRORS;

/** An error meant for a person: code, what and where, and what to do next. */
export class PersonError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;
  constructor(code: ErrorCode, message: string, hint: string) {
    super(message);
    this.name = 'PersonError';
    this.code = code;
    this.hint = hint;
  }
  get exit(): number {
    return ERRORS[this.code].exit;
  }
}
