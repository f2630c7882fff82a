import type { Incident, State } from './state.ts';
import type { TargetId } from './types.ts';

/**
 * What recovery has come to, over the incidents that are still kept (docs/concepts.md, "How well it recovers"). Counts
 * and ms; a rate is made where it is shown, for without an attempt there is none.
 */
export type Figures = {
  /** Wall time at which the oldest of these incidents began: the figures are of the time since. */
  readonly from: number;
  readonly incidents: number;
  /** Those after which the target was well again, however it got well; from the first failed look until then. */
  readonly recovered: number;
  readonly medianMs?: number;
  readonly meanMs?: number;
  /** Automatic attempts that have ended, and how many of them were followed by health. */
  readonly attempts: number;
  readonly helped: number;
  /** Incidents that a person ended, or that wait for one. */
  readonly neededPerson: number;
  /** Attempts that acted on what was well, or were followed by failure within ten minutes. */
  readonly falseRecoveries: number;
};

const AGAIN_WITHIN_MS = 600_000;

/** `undefined` where there was no incident. */
export function figuresOf(incidents: readonly Incident[]): Figures | undefined {
  return incidents.length === 0 ? undefined : madeOf(incidents);
}

function madeOf(incidents: readonly Incident[]): Figures {
  const times = incidents.flatMap(recoveryTime).toSorted((a, b) => a - b);
  const attempts = incidents.flatMap(automatic);
  return {
    from: Math.min(...incidents.map(({ started }) => started.at)),
    incidents: incidents.length,
    recovered: times.length,
    ...(times.length === 0 ? {} : { medianMs: median(times), meanMs: Math.round(sum(times) / times.length) }),
    attempts: attempts.length,
    helped: attempts.filter(({ outcome }) => outcome === 'recovered').length,
    neededPerson: incidents.filter(needsPerson).length,
    falseRecoveries: sum(incidents.map((one) => falseRecoveries(one, incidents))),
  };
}

/** Only targets that had an incident are in it. */
export function figuresByTarget(incidents: State['incidents']): ReadonlyMap<TargetId, Figures> {
  const groups = new Map<TargetId, Incident[]>();
  for (const incident of Object.values(incidents)) {
    const group = groups.get(incident.target);
    if (group === undefined) groups.set(incident.target, [incident]);
    else group.push(incident);
  }
  return new Map([...groups].map(([target, group]) => [target, madeOf(group)]));
}

/** The target that left the config was not seen to be well. */
function recoveryTime({ phase, started, ended }: Incident): readonly number[] {
  return phase === 'recovered' && ended !== undefined ? [Math.max(0, ended.steady - started.steady)] : [];
}

function automatic({ attempts = [] }: Incident): NonNullable<Incident['attempts']> {
  return attempts.filter(({ manual }) => !manual);
}

function needsPerson({ outcome, gaveUp }: Incident): boolean {
  return outcome === 'needed-you' || (outcome === 'open' && gaveUp);
}

/** An attempt is false once, be it for both reasons. */
function falseRecoveries(incident: Incident, all: readonly Incident[]): number {
  const attempts = automatic(incident);
  const needless = attempts.filter((one) => one.needless === true && one.result !== 'nothing');
  const last = attempts.at(-1);
  const isUndone = last?.outcome === 'recovered' && !needless.includes(last) && failedAgain(incident, all);
  return needless.length + (isUndone ? 1 : 0);
}

function failedAgain({ id, target, ended }: Incident, all: readonly Incident[]): boolean {
  if (ended === undefined) return false;
  return all.some((one) => {
    const afterMs = one.started.steady - ended.steady;
    return one.target === target && one.id !== id && afterMs >= 0 && afterMs < AGAIN_WITHIN_MS;
  });
}

function median(sorted: readonly number[]): number {
  const middle = sorted.slice(Math.floor((sorted.length - 1) / 2), Math.floor(sorted.length / 2) + 1);
  return Math.round(sum(middle) / middle.length);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
