import type { Step } from '../steps.ts';

/** Something else on this host that restarts what we restart: two who heal the same thing fight. */
export type Rival = {
  /** By which a person names it: `gateway-watchdog.service`, a label, `crontab`, a process number. */
  readonly id: string;
  /** `systemd user unit gateway-watchdog.service` */
  readonly name: string;
  /** The file or table in which it is written down. */
  readonly where: string;
  /** The line that gave it away, as it stands there; of untrusted origin. */
  readonly sign: string;
  /** Nothing but a healer: `--retire` means it without naming it. All else may do something that is needed. */
  readonly isSure: boolean;
  /** What ends it, and keeps it from coming back. Nothing is deleted. Empty: it is not ours to end. */
  readonly retire: readonly Step[];
  /** How a person ends it, or brings it back after it was retired. */
  readonly byHand: string;
  readonly undo: string;
};
