import type { Snapshot } from '../core/snapshot.ts';
import type { Alert } from '../core/state.ts';
import type { Result, Trouble } from '../core/types.ts';

/** A refusal or a yes, with words for a person. */
export type Answer = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly trouble: Trouble };

/** What the daemon lets a client do; the server only translates between HTTP and these. Durations in ms. */
export type Operations = {
  snapshot(): Snapshot;
  ready(): { readonly ready: boolean; readonly because: string };
  /** Looks now, once, at the named targets or at all; resolves when every look is back. */
  runChecks(targets: readonly string[] | undefined): Promise<readonly Result[]>;
  /** Starts one attempt (or a dry run) and resolves when it is accepted or refused; `lines` say what is or would be done. */
  recover(
    target: string,
    options: { playbook?: string; dryRun: boolean; force: boolean; by: string },
  ): Promise<Answer & { readonly lines?: readonly string[] }>;
  hold(scope: string, options: { forMs: number; reason: string; silent: boolean; by: string }): Promise<Answer>;
  release(scope: string, by: string): Promise<Answer>;
  silence(scope: string, options: { forMs: number; by: string }): Promise<Answer>;
  unsilence(scope: string, by: string): Promise<Answer>;
  ackIncident(id: string, by: string): Promise<Answer>;
  stopIncident(id: string, by: string): Promise<Answer>;
  alerts(all: boolean): Promise<readonly (Alert & { readonly takenAt?: number })[]>;
  /** Removes and returns every pending alert: none is returned twice, but to the same receipt again. */
  takeAlerts(by: string, receipt?: string): Promise<readonly Alert[]>;
  ackAlert(id: string, by: string): Promise<Answer>;
  /** What `/metrics` serves: Prometheus text format 0.0.4. */
  metrics?(): string;
  /** Ends the daemon in order: first what is under way comes to its end, which takes `withinMs` at most unless it hangs. */
  stop(by: string): { readonly text: string; readonly withinMs: number };
};
