import type { RecentView } from './core/snapshot.ts';
import type { Result, TargetId } from './core/types.ts';

const KEPT = 5;
const LONGEST = 200;
/** What is looked at more often than this would fill the list with itself: of it only the newest stays. */
const SELDOM_MS = 5_000;

/** The newest results of every target, for its opened row. Only worth knowing while the daemon lives. */
export function createRecent() {
  const results = new Map<TargetId, readonly RecentView[]>();

  function add({ target, check, at, status, message }: Result, everyMs: number): void {
    const newest = { check, at, status, message: message.slice(0, LONGEST) };
    const before = results.get(target) ?? [];
    const others = everyMs < SELDOM_MS ? before.filter((one) => !isSame(one, newest)) : before;
    results.set(target, [newest, ...others].slice(0, KEPT));
  }

  return { add, of: (target: TargetId) => results.get(target) ?? [] };
}

function isSame(a: RecentView, b: RecentView): boolean {
  return a.check === b.check && a.status === b.status && a.message === b.message;
}
