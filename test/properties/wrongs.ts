import { grouped } from './grouped.ts';
import type { Sketch } from './histories.ts';
import type { Act, StridingHost } from './host.ts';

const HOUR_MS = 3_600_000;

/**
 * Every limit that was passed, in words; worked out from what was really done and told, and from what people asked for,
 * without any rule of the product.
 */
export function wrongsOf(host: StridingHost, sketch: Sketch): readonly string[] {
  return [...wrongActs(host, sketch), ...wrongTries(host, sketch), ...wrongAlerts(host)];
}

/** The first act of each attempt. */
function startsOf(acts: readonly Act[]): readonly Act[] {
  const known = new Set<string>();
  return acts.filter(({ kind, attempt }) => {
    if (kind !== 'attempt' || known.has(attempt)) return false;
    known.add(attempt);
    return true;
  });
}

function wrongActs(host: StridingHost, sketch: Sketch): string[] {
  const wrong: string[] = [];
  const starts = startsOf(host.acts);
  const restUntil = breakerOf(
    starts.filter(({ manual }) => !manual),
    sketch,
  );
  for (const act of host.acts) {
    const say = (what: string): void => void wrong.push(`${act.target} at ${act.t}: ${what}`);
    const isStart = starts.includes(act);
    if (act.underWay.includes(act.target)) say('two acts at once');
    if (Number(act.target.slice(1)) === sketch.observed) say('only observed');
    if (isHeld(host, act) && !act.forced) say('held by a person');
    if (act.kind === 'bring-up' && act.ofItsKind >= sketch.maxConcurrent) say('too many brought up at once');
    if (act.kind === 'bring-up') continue;
    if (isStart && !act.forced && act.ofItsKind >= sketch.maxConcurrent) say('too many at once');
    if (act.manual) continue;
    if (!act.seen.includes('critical')) say(`trouble not seen (${act.seen})`);
    if (isStopped(host, act)) say('its incident was stopped');
    if (!isStart) continue;
    const earlier = starts.filter((one) => one.target === act.target && !one.manual && one.t <= act.t && one !== act);
    const last = earlier.at(-1)?.t ?? Number.NEGATIVE_INFINITY;
    if (act.t - last < sketch.cooldownMs) say('within its cooldown');
    if (earlier.filter(({ t }) => act.t - t < HOUR_MS).length >= sketch.perHour) say('too often within an hour');
    if (restUntil.some(({ from, until }) => act.t > from && act.t < until)) say('all recovery rests');
    const gaveUp = host.notes.find(
      ({ t, entry }) =>
        entry.event === 'gave-up' && entry.incident === act.incident && entry.target === act.target && t < act.t,
    );
    if (gaveUp !== undefined && act.t - last < HOUR_MS) say('more than one trial an hour');
  }
  return wrong;
}

function breakerOf(starts: readonly Act[], { hostAttempts }: Sketch): readonly { from: number; until: number }[] {
  return starts.flatMap(({ t }, index) => {
    const within = starts.slice(0, index + 1).filter((one) => t - one.t < 600_000);
    return within.length >= hostAttempts ? [{ from: t, until: t + 1_800_000 }] : [];
  });
}

function isHeld(host: StridingHost, act: Act): boolean {
  return ['all', act.target].some((scope) => {
    const last = host.answers.findLast(
      ({ t, wish, ok }) => ok && t < act.t && (wish.type === 'hold' || wish.type === 'release') && wish.scope === scope,
    );
    return last?.wish.type === 'hold' && act.t < last.t + last.wish.forMs;
  });
}

function isStopped(host: StridingHost, act: Act): boolean {
  return host.answers.some(
    ({ t, wish, ok }) => ok && t < act.t && wish.type === 'stop-incident' && wish.incident === act.incident,
  );
}

function wrongTries(host: StridingHost, sketch: Sketch): string[] {
  const wrong: string[] = [];
  const attempts = grouped(
    host.acts.filter(({ kind }) => kind === 'attempt'),
    ({ attempt }) => attempt,
  );
  for (const [id, acts] of attempts) {
    const first = acts[0]?.t ?? 0;
    const keys = acts.map((act) => `${act.step}.${act.try}`);
    if (new Set(keys).size < keys.length) wrong.push(`attempt ${id}: a try was repeated: ${keys}`);
    const slept = host.away.filter(({ t }) => t > first).reduce((sum, { ms }) => sum + ms, 0);
    for (const [index, act] of acts.entries()) {
      const before = acts[index - 1];
      if (index > 0 && act.t >= first + sketch.sloMs + slept) wrong.push(`attempt ${id}: after its time objective`);
      if (act.try > (sketch.steps[act.step]?.retries ?? 0) + 1) wrong.push(`attempt ${id}: too many tries`);
      if (before === undefined) continue;
      if (act.step < before.step) wrong.push(`attempt ${id}: a step back`);
      const backoffMs = Math.min(300_000, (sketch.steps[act.step]?.backoffMs ?? 0) * 2 ** (act.try - 2));
      if (act.step === before.step && act.t - before.t < backoffMs) wrong.push(`attempt ${id}: before its backoff`);
    }
  }
  return wrong;
}

/** By the table of DESIGN §6. */
function wrongAlerts(host: StridingHost): string[] {
  const wrong: string[] = [];
  const ids = host.told.map(({ alert }) => alert.id);
  if (new Set(ids).size < ids.length) wrong.push('an alert was told twice');
  const incidents = grouped(
    host.told.filter(({ alert }) => alert.incident !== ''),
    ({ alert }) => alert.incident,
  );
  for (const [id, told] of incidents) {
    const kinds = told.map(({ alert }) => alert.kind);
    for (const once of ['opened', 'escalated', 'failed', 'resolved'] as const)
      if (kinds.filter((kind) => kind === once).length > 1) wrong.push(`incident ${id}: ${once} told twice`);
    if (kinds.includes('resolved') && kinds.at(-1) !== 'resolved') wrong.push(`incident ${id}: told after its end`);
    if (kinds[0] === 'resolved') wrong.push(`incident ${id}: only its end was told`);
  }
  for (const [target, told] of grouped(host.told, ({ alert }) => alert.target)) {
    if (target === 'host') continue;
    const counting = told.filter(({ alert }) => alert.kind !== 'resolved');
    for (const [index, { t, alert }] of counting.entries()) {
      const isCapped = alert.kind === 'opened' || alert.kind === 'reminder';
      const last = counting[index - 1]?.t;
      if (isCapped && last !== undefined && t - last < HOUR_MS) wrong.push(`${target}: ${alert.kind} within the hour`);
    }
  }
  return wrong;
}
