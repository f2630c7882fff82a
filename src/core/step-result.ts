import type { Moment } from './types.ts';

/** What became of one try of one step. */
export type StepResult = {
  /** Place in the playbook, from 0. */
  readonly step: number;
  readonly action: string;
  /** From 1. */
  readonly try: number;
  readonly started: Moment;
  /** When its action returned. */
  readonly ended: Moment | undefined;
  readonly result: 'done' | 'nothing' | 'refused' | 'failed' | 'interrupted' | undefined;
  /** Whether looks begun after it proved that it helped; `undefined` while that is open, and where nobody asks. */
  readonly verified: boolean | undefined;
  readonly did: readonly string[];
  readonly trouble: string | undefined;
  /** Of the registry (src/errors.ts), where its action failed with one. */
  readonly code: string | undefined;
};
