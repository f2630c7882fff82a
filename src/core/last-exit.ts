import type { Moment } from './types.ts';

/** How a service's last process ended, as far as that is known. */
export type LastExit = {
  readonly at: Moment;
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  readonly lastLines: readonly string[];
  /** By what it is known that memory had run out, as one sentence. */
  readonly outOfMemory?: string;
  /** A step of ours was at work on it: it says nothing of the trouble. */
  readonly ours?: true;
};
