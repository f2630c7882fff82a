import type { TroubleClass } from '../classify.ts';

/** Each class in a few words for people: "`hung`: …". */
const MEANINGS: Readonly<Record<TroubleClass, string>> = {
  crashed: 'its process ended',
  'oom-killed': 'its process was killed because memory ran out',
  'refused-configuration': 'it refuses its configuration',
  'not-running': 'no process of it is there',
  unreachable: 'nothing accepts connections',
  hung: 'it is there and gives no answer',
  failing: 'it answers, and not as it should',
  slow: 'it answers as it should, and late',
  'rate-limited': 'it answers that it is asked too often',
  degraded: 'it answers, and says that not all of it works',
  unstable: 'it ends again and again, and something else starts it anew',
  'port-conflict': 'its port is taken',
  'dependency-missing': 'something that it needs is not there',
  'disk-full': 'there is no room on the disk',
  permission: 'it may not do what it must',
  'wrong-runtime': 'what is to run it is of the wrong kind or version',
  'data-corruption': 'its data are damaged',
  'over-limit': 'a value is over its limit',
  unclear: 'it is not known',
};

export function meaningOf(kind: TroubleClass): string {
  return MEANINGS[kind];
}

/** What is wrong, where the class says it better than the look that saw it: "hub has no room on its disk". */
const TITLES: Partial<Readonly<Record<TroubleClass, string>>> = {
  'oom-killed': 'was killed because memory ran out',
  'refused-configuration': 'refuses its configuration',
  'port-conflict': 'does not get its port',
  'dependency-missing': 'lacks something that it needs',
  'disk-full': 'has no room on its disk',
  permission: 'lacks a permission',
  'wrong-runtime': 'does not fit what is to run it',
  'data-corruption': 'has damaged data',
};

export function titleByClass(kind: TroubleClass): string | undefined {
  return TITLES[kind];
}
