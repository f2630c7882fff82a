import type { CheckId, Result, Status } from './types.ts';

/** A look's main figure as history keeps it: a reply in ms, or a used share in percent. */
export type Figure = {
  readonly check: CheckId;
  readonly at: number;
  readonly status: Status;
  readonly value: number;
};

/**
 * `undefined` where there is none to keep: of a process, and of an answer that was no good one, whose time is not what
 * people call the reply time. How the target was is kept apart (`rememberedOf`).
 */
export function figureOf({ check, at, status, metrics }: Result): Figure | undefined {
  const value = status === 'ok' ? (metrics['replyMs'] ?? metrics['usedPercent']) : metrics['usedPercent'];
  return value === undefined ? undefined : { check, at, status, value };
}
