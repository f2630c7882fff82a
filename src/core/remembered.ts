import { maintenanceOf } from './holds.ts';
import { checkOf, checksOf, looksOf, type Turn, targetOf } from './turn.ts';
import type { Status, TargetId } from './types.ts';
import { isBad } from './verdict.ts';

/** What history keeps of a moment: what was believed, or that a person had paused the target. */
export type PastStatus = Status | 'paused';

const MARK = '@';

/** The name under which a target's own past is kept, beside those of its checks: no check is called so. */
export function pastKey(target: TargetId): string {
  return MARK + target;
}

/** The other way round; `undefined` for the name of a check. */
export function targetOfKey(key: string): TargetId | undefined {
  return key.startsWith(MARK) ? key.slice(MARK.length) : undefined;
}

export type Remembered = {
  readonly status: PastStatus;
  /** When the trouble began: with the first of the failed looks that led to it, before it was believed. */
  readonly since: number | undefined;
  /** A failed look awaits its confirmation, so what is believed may turn out to be over already. */
  readonly isOpen: boolean;
};

/**
 * What to remember of a target now: what is confirmed, so that a single failed look leaves no mark. `undefined` as long
 * as nothing was looked at in this life of the daemon: an old belief is no knowledge of today.
 */
export function rememberedOf(turn: Turn, target: TargetId): Remembered | undefined {
  if (looksOf(turn, target).length === 0) return undefined;
  if (maintenanceOf(turn, target) !== undefined) return { status: 'paused', since: undefined, isOpen: false };
  const { belief, since } = targetOf(turn, target);
  if (isBad(belief)) return { status: belief, since: since.at, isOpen: false };
  const isOpen = checksOf(turn.plan, target).some((id) => checkOf(turn, id).strikes > 0);
  return { status: belief, since: undefined, isOpen };
}
