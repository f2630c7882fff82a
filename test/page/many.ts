import type { HistoryView } from '../../src/core/history-view.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { fitForFiles } from '../../src/page/fit.ts';
import { fitHistory, HISTORY_BUDGET } from '../../src/page/fit-history.ts';
import { calmSample, samplePast } from './sample.ts';

/** The sample's host with `count` services, as its files carry it. */
export function manySample(at: number, count: number): { readonly snapshot: Snapshot; readonly past: HistoryView } {
  const { targets, ...rest } = calmSample(at);
  const past = samplePast(at);
  const known = targets.filter(({ kind }) => kind === 'service');
  const named = Array.from({ length: count }, (_, n) => ({ id: `service-${n}`, like: known[n % known.length]?.id }));
  const services = named.flatMap(({ id, like }) =>
    known
      .filter((target) => target.id === like)
      .map((target) => ({ ...target, id, checks: target.checks.map((one) => ({ ...one, id: `${id}:${one.name}` })) })),
  );
  const pasts = named.flatMap(({ id, like }) =>
    past.targets.filter((one) => one.id === like).map((one) => ({ ...one, id })),
  );
  const others = targets.filter(({ kind }) => kind !== 'service');
  const otherPasts = past.targets.filter(({ id }) => !known.some((one) => one.id === id));
  return {
    snapshot: fitForFiles({ ...rest, targets: [...services, ...others] }),
    past: fitHistory({ ...past, targets: [...pasts, ...otherPasts] }, HISTORY_BUDGET.file),
  };
}

/** The next look at all of them: each answers in another time. */
export function lookedAgain(snapshot: Snapshot, at: number): Snapshot {
  const targets = snapshot.targets.map((target) => {
    if (target.replyMs === undefined) return target;
    const replyMs = target.replyMs + (at % 7) + 1;
    return { ...target, replyMs, detail: `answers in ${replyMs} ms` };
  });
  return { ...snapshot, writtenAt: at, seq: snapshot.seq + 1, targets };
}
