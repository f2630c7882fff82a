import type { LastExit } from './state.ts';
import type { Reason } from './types.ts';

/** What kind of trouble it is: playbooks choose their steps by it, and people are shown it with its evidence. */
export type TroubleClass =
  | 'crashed'
  | 'oom-killed'
  | 'refused-configuration'
  | 'not-running'
  | 'unreachable'
  | 'hung'
  | 'failing'
  | 'slow'
  | 'rate-limited'
  | 'degraded'
  | 'unstable'
  | 'port-conflict'
  | 'dependency-missing'
  | 'disk-full'
  | 'permission'
  | 'wrong-runtime'
  | 'data-corruption'
  | 'over-limit'
  | 'unclear';

/** `because`: the evidence, one plain sentence each; never empty. */
export type Classified = { readonly class: TroubleClass; readonly because: readonly string[] };

/** What is known of one trouble. `message` is what the bad look said. */
export type TroubleFacts = {
  readonly reason: Reason;
  readonly message: string;
  /** How its process ended, when it ended since the trouble began. */
  readonly exit?: LastExit | undefined;
};

const BY_REASON: Readonly<Record<Reason, TroubleClass>> = {
  fine: 'unclear',
  gone: 'crashed',
  absent: 'not-running',
  unmatched: 'unclear',
  unstable: 'unstable',
  foreign: 'port-conflict',
  refused: 'unreachable',
  silent: 'hung',
  failing: 'failing',
  'wrong-answer': 'failing',
  'rate-limited': 'rate-limited',
  slow: 'slow',
  degraded: 'degraded',
  'over-limit': 'over-limit',
  'cannot-look': 'unclear',
  'nothing-to-look-at': 'unclear',
};

/** The class of a trouble by all that is known of it. */
export function classify({ reason, message }: TroubleFacts): Classified {
  return { class: BY_REASON[reason], because: [message] };
}
