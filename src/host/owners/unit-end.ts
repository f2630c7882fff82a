import { readTimespan } from './timespan.ts';

type Properties = (name: string) => string;

/**
 * Why a unit that failed is down. `by-itself`: nobody wanted that. `stopped`: somebody wanted it down while it ran, however
 * badly it took that. `given-up`: systemd has restarted it too often. `not-restarted`: it ended while it started, and
 * systemd, which restarts such ends, did not.
 */
export type UnitEnd = 'by-itself' | 'stopped' | 'given-up' | 'not-restarted';

/**
 * What is stopped is on its way down before its process ends, what crashes only after that, and systemd stamps both
 * (measured with 252: a stop 8 ms before the end, a crash 0.2 ms after it). While it starts there is no such stamp: then a
 * restart that does not come is the only mark that a stop leaves.
 */
export function endOfUnit(get: Properties): UnitEnd {
  if (get('Result') === 'start-limit-hit') return 'given-up';
  const isUnrestarted = isRestartedAfter(get) && !isPrevented(get);
  if (wasActive(get)) {
    if (isStopFirst(get) && !isEndedBySystemd(get)) return 'stopped';
    return isUnrestarted && isGivenUp(get) ? 'given-up' : 'by-itself';
  }
  if (!isUnrestarted) return 'by-itself';
  return isGivenUp(get) ? 'given-up' : 'not-restarted';
}

/** Whether systemd restarts what ends with its result (the table of Restart= in systemd.service(5)). */
export function isRestartedAfter(get: Properties): boolean {
  const result = get('Result');
  if (result === 'exec-condition') return false;
  switch (get('Restart')) {
    case 'always':
      return true;
    case 'on-success':
      return result === 'success';
    case 'on-failure':
      return result !== 'success';
    case 'on-abnormal':
      return !['success', 'exit-code'].includes(result);
    case 'on-abort':
      return ['signal', 'core-dump'].includes(result);
    case 'on-watchdog':
      return result === 'watchdog';
    default:
      return false;
  }
}

/** In its last run, that is: stamps of the run before stay when the next one ends while it starts. */
function wasActive(get: Properties): boolean {
  const left = stamp(get, 'ActiveExit');
  return left > 0 && left >= (stamp(get, 'ExecMainStart') || stamp(get, 'InactiveExit'));
}

/** What has no main process, or had none any more (a oneshot that remains), does not end by itself. */
function isStopFirst(get: Properties): boolean {
  const ended = stamp(get, 'ExecMainExit');
  return ended < stamp(get, 'ActiveEnter') || stamp(get, 'ActiveExit') < ended;
}

/** In the order of a stop, by a rule of the unit. */
function isEndedBySystemd(get: Properties): boolean {
  if (['watchdog', 'oom-kill'].includes(get('Result'))) return true;
  const atMostMs = readTimespan(get('RuntimeMaxUSec'));
  return atMostMs !== undefined && (stamp(get, 'ActiveExit') - stamp(get, 'ActiveEnter')) / 1_000 >= atMostMs;
}

/** RestartPreventExitStatus=: shown as `78 HUP`. */
function isPrevented(get: Properties): boolean {
  const word = get('ExecMainCode') === '1' ? get('ExecMainStatus') : '';
  return word !== '' && get('RestartPreventExitStatus').split(' ').includes(word);
}

/**
 * What is given up keeps the result of its last end; `start-limit-hit` is only for what did not even run. It has left the
 * inactive state once more, for its delay, after its last process had ended; or its restarts alone reach the limit.
 */
function isGivenUp(get: Properties): boolean {
  const ended = stamp(get, 'ExecMainExit');
  if (ended > 0 && stamp(get, 'InactiveExit') > ended) return true;
  const burst = Number(get('StartLimitBurst'));
  const delayMs = readTimespan(get('RestartUSec')) ?? 0;
  const withinMs = readTimespan(get('StartLimitIntervalUSec')) ?? 0;
  return burst > 0 && Number(get('NRestarts')) >= burst && burst * delayMs < withinMs;
}

/** The kernel's monotonic clock in µs; 0: it was never so. */
function stamp(get: Properties, name: string): number {
  return Number(get(`${name}TimestampMonotonic`));
}
