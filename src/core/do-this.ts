import type { TroubleClass } from './classify.ts';
import { gate } from './gate.ts';
import type { Incident } from './state.ts';
import { planOf, type Turn } from './turn.ts';
import type { Reason, TargetId } from './types.ts';

const BY_REASON: Readonly<Record<Reason, string>> = {
  fine: '',
  gone: 'Look at the last lines of its log, then start it by hand to see why it ends.',
  absent: 'Look at the last lines of its log, then start it by hand to see why it ends.',
  unmatched: 'Correct `process: { match: … }` in the config, or take it out: until then it is not started.',
  unstable: 'Find out what starts it (a systemd unit, pm2, a script), and see in its log why it ends.',
  foreign:
    'End the program that holds the port, or give the service another port. jarvis-health does not end what is not the service.',
  refused: 'See whether the service listens where the config says it does.',
  silent: 'See what the process is busy with before you end it.',
  failing: 'The service answers, with errors: its own log says why.',
  'wrong-answer': 'Compare the answer with what the config expects.',
  'rate-limited':
    'It limits how often it may be asked, and a restart would not change that: ask less often (`every`), or let it exempt this address. A config that accepts it says `status: [..., 429]`.',
  slow: 'It answers, so it is not restarted: see what it is busy with, or raise `http.slow` in the config.',
  degraded: 'It answers, so it is not restarted: its own log says what is missing.',
  'over-limit': 'Free some room, or raise the limit in the config.',
  'cannot-look': 'Run `jarvis-health doctor`: it says what is missing to look.',
  'nothing-to-look-at': '',
};

/** Where the class says better than the look what a person can do. */
const BY_CLASS: Partial<Readonly<Record<TroubleClass, string>>> = {
  'oom-killed':
    'Give it more memory, its own limit or that of the host, or find out why it grows: after a restart that begins anew.',
  'refused-configuration': 'Correct its configuration: the evidence says what it does not accept.',
  'port-conflict':
    'Find out who holds its port (`ss -ltnp` or `lsof -i`), and end that or give the service another one.',
  'dependency-missing': 'Put back what is missing, or install it: the evidence names it.',
  'disk-full': 'Free some room on its disk.',
  permission: 'Give it the right that it lacks: the evidence says what it may not do.',
  'wrong-runtime': 'Run it with what it was made for: the evidence says which version or kind that is.',
  'data-corruption':
    'Copy its data away before anything else, then repair them or restore a backup. It is not started by itself until then.',
};

/** What is over once the cause is mended, and then only waits for its next attempt. */
const MENDED_BY_HAND: readonly Reason[] = ['gone', 'absent', 'refused', 'foreign'];

/** What a person can do about an incident: what the last attempt failed for says it best. */
export function doThis(turn: Turn, target: TargetId, incident: Incident): string {
  const { logFile, kind } = planOf(turn, target);
  const isSaidByLook = kind !== 'service' || incident.reason === 'foreign' || incident.class === undefined;
  const byClass = isSaidByLook ? undefined : BY_CLASS[incident.class];
  const hint = byClass ?? lastHint(incident);
  const first = hint ?? BY_REASON[incident.reason];
  // Where the attempt says what is wrong it names the log itself, if there is anything in it.
  const log = logFile === undefined || hint !== undefined ? '' : `Its log: ${logFile}.`;
  const isTried = hint !== undefined || MENDED_BY_HAND.includes(incident.reason);
  const mayTry = isTried && gate(turn, target, incident.reason, { manual: true, force: false }).go;
  const again = mayTry ? `When it is mended: jarvis-health recover ${target}` : '';
  const isOpen = (log !== '' || again !== '') && first !== '' && !/[.!?]$/.test(first);
  return [`${first}${isOpen ? '.' : ''}`, log, again].filter((part) => part !== '').join(' ');
}

const ENDS_A_STEP = ['step-failed', 'refused', 'not-verified', 'attempt-started', 'next-step', 'retry'];

/** Of the newest step, when it failed with a next step of its own. */
function lastHint({ steps }: Incident): string | undefined {
  const last = steps.findLast((step) => ENDS_A_STEP.includes(step.kind));
  return last?.kind === 'step-failed' || last?.kind === 'refused' ? last.detail : undefined;
}
