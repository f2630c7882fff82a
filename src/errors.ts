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
  NOT_BUILT: { exit: 70, summary: 'The program was not built, or not completely.' },
  SUPERVISOR_MISSING: { exit: 69, summary: 'Neither systemd nor launchd can run the daemon here, or neither answers.' },
  INSTALL_FAILED: { exit: 69, summary: 'The system refused a step of an installation.' },
  INSTALLED_ELSEWHERE: { exit: 75, summary: 'A unit of this name exists already, for something else.' },
  UNIT_NOT_STARTED: { exit: 69, summary: 'The installed unit did not start the daemon.' },
  NOT_LASTING: { exit: 64, summary: 'This copy of the program will not stay where it is.' },
  NAME_NOT_USABLE: { exit: 64, summary: 'A path cannot be written into a unit file.' },
  HOME_NOT_WRITABLE: { exit: 73, summary: 'The home folder cannot be written.' },
  SAVE_FAILED: { exit: 73, summary: 'Something could not be saved.' },
  DAEMON_RUNNING: { exit: 75, summary: 'A daemon already runs for this home folder.' },
  NOT_NEEDED: { exit: 75, summary: 'The target is working; there is nothing to recover.' },
  TRY_LATER: { exit: 75, summary: 'A limit or a hold is in force.' },
  FILE_SET_ASIDE: { exit: 73, summary: 'A damaged file in the home folder was set aside; its last good copy is used.' },
  FILE_STARTED_ANEW: {
    exit: 73,
    summary: 'A damaged file in the home folder was set aside and there was no good copy of it.',
  },
  DISK_FULL: { exit: 73, summary: 'The disk of the home folder is full; the reserve is in use.' },
  HISTORY_DROPPED: { exit: 73, summary: 'Points of the history were dropped because they could not be written.' },
  AUDIT_DAMAGED: { exit: 73, summary: 'The audit was damaged or changed by something else.' },
  ALERTS_DROPPED: { exit: 73, summary: 'The queue of pending alerts was full and an entry was taken out.' },
  HOME_NOT_SAFE: { exit: 77, summary: 'Others may change the home folder.' },
  NOT_PERMITTED: { exit: 77, summary: 'The system did not allow it.' },
  CONFIG_INVALID: { exit: 78, summary: 'The config file is wrong.' },
  CONFIG_NEEDS_RESTART: {
    exit: 75,
    summary: 'A part of the config takes effect only when the daemon is started anew.',
  },
  CONFIG_EXISTS: { exit: 73, summary: 'There is a config already, which is not overwritten.' },
  PLAYBOOK_UNKNOWN: { exit: 64, summary: 'No playbook has this name, or none that fits the target.' },
  PLAYBOOK_INVALID: { exit: 78, summary: 'A playbook is wrong; its last good version is used, or none.' },
  CONFIG_UNREADABLE: { exit: 78, summary: 'The config file cannot be read.' },
  EXEC_NOT_FOUND: { exit: 69, summary: 'A command that is needed is not installed or not on PATH.' },
  EXEC_NOT_POSSIBLE: { exit: 69, summary: 'A command could not be run.' },
  EXEC_TIMED_OUT: { exit: 69, summary: 'A command did not end in time and was ended.' },
  EXEC_FAILED: { exit: 69, summary: 'A command ended with an error.' },
  START_NOT_FOUND: { exit: 78, summary: 'The program of a start command does not exist or may not be executed.' },
  START_NO_FOLDER: { exit: 78, summary: 'The folder in which a service is to be started does not exist.' },
  START_ENDED: { exit: 69, summary: 'A service ended at once after it was started.' },
  START_REFUSED: { exit: 69, summary: 'The system did not start a service.' },
  SECRET_UNAVAILABLE: { exit: 78, summary: 'A secret that the config names is not there.' },
  PORT_HELD: { exit: 77, summary: 'Another program holds the port of a service.' },
  NOT_PROVEN: { exit: 77, summary: 'A process may be the service, but nothing proves it, so it is not ended.' },
  STOP_FAILED: { exit: 69, summary: 'A process did not end, not even when it was killed.' },
  STARTED_BY_OTHERS: { exit: 75, summary: 'Something else started a service again while it was restarted.' },
  STILL_DOWN: { exit: 69, summary: 'A service was waited for and did not come up.' },
  OWNER_SILENT: { exit: 69, summary: 'Who supervises a service could not be asked.' },
  OWNER_FAILED: { exit: 69, summary: 'Who supervises a service was asked to restart it, and it does not run.' },
  OWNER_MISSING: { exit: 78, summary: 'The unit, job, process or container that owns a service does not exist.' },
  OWNER_STOPPED: { exit: 77, summary: 'A service was stopped by a person, in whose hands it is left.' },
  OWNER_IS_ANOTHER: {
    exit: 78,
    summary: 'What runs of a service belongs to another owner than the one that is named.',
  },
  OWNER_IS_OURS: { exit: 77, summary: 'A service runs in the same unit as this program, which cannot restart itself.' },
  LOG_HELD_OPEN: { exit: 75, summary: 'A log is held open by a program, so renaming it would not rotate it.' },
  LOG_HOLDERS_UNSEEN: { exit: 77, summary: 'It cannot be seen who holds a file open.' },
  ROTATE_FAILED: { exit: 73, summary: 'A log could not be rotated.' },
  RESTORE_REFUSED: { exit: 77, summary: 'A configuration file is not put back, because that would not be safe.' },
  RESTORE_FAILED: { exit: 73, summary: 'A configuration file could not be put back.' },
  NOTHING_KEPT: { exit: 69, summary: 'There is no good copy of a configuration file that could be put back.' },
  CLEAN_REFUSED: { exit: 77, summary: 'Nothing may be deleted in this folder.' },
  CLEAN_FAILED: { exit: 73, summary: 'Files could not be removed or archived.' },
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
