import { describe, expect, it } from 'vitest';
import { classify, type TroubleClass } from '../../src/core/classify.ts';
import type { Plan } from '../../src/core/plan.ts';
import { compare } from '../../src/simulate/compare.ts';
import type { Episode, Recorded } from '../../src/simulate/episode.ts';
import { endOfClass } from '../../src/simulate/last-words.ts';
import { type AuditLine, recordedInAudit } from '../../src/simulate/read-audit.ts';
import { recordedOf } from '../../src/simulate/read-incidents.ts';
import { softEpisodes } from '../../src/simulate/soft.ts';
import type { Tally } from '../../src/simulate/tally.ts';
import { type Ran, runHost } from '../../src/simulate/virtual-host.ts';
import { initialState } from '../../src/store/state.ts';
import { servicePlan, valuePlan } from '../helpers/plans.ts';

const FROM = Date.parse('2026-03-01T12:00:00Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function trouble(fromMin: number, part: Partial<Episode>): Episode {
  const from = FROM + fromMin * MINUTE;
  const about = { target: 'web', from, to: from + 2 * MINUTE, reason: 'silent', class: undefined } as const;
  return { ...about, severity: 'critical', ended: { by: 'itself' }, vain: [], ...part };
}

const byAttempt = (nth: number): Episode['ended'] => ({ by: 'attempt', nth, acts: 1, actMs: 1_000, startMs: 2_000 });

function run(plan: Plan, ...episodes: readonly Episode[]): Ran {
  return runHost({ plan, episodes, from: FROM, to: FROM + 24 * HOUR, state: initialState(), owners: {} });
}

function recordOf({ state }: Ran): readonly Recorded[] {
  return Object.values(state.incidents).map(recordedOf);
}

/** What was recorded under one plan, and what that and another one would have done. */
function sideBySide(lived: Plan, other: Plan, ...episodes: readonly Episode[]): readonly [Tally, Tally, Tally] {
  const recorded = [
    ...recordOf(run(lived, ...episodes)),
    ...episodes
      .filter(({ soft }) => soft === true)
      .map((episode) => ({ episode, incident: undefined, attempts: [], alerts: 0, exhausted: 0 })),
  ];
  const policies = [
    { name: 'this', plan: lived },
    { name: 'other', plan: other },
  ];
  const span = { from: FROM, to: FROM + 24 * HOUR };
  const { columns } = compare({ recorded, policies, ...span, state: initialState(), owners: {} });
  const [record, present, changed] = columns.map(({ total }) => total);
  if (record === undefined || present === undefined || changed === undefined) throw new Error('no columns');
  return [record, present, changed];
}

const usual = servicePlan({ web: {} });
const hasty = servicePlan({ web: { check: { hungAfterMs: 5_000, timeoutMs: 2_000 } } });
const observing = servicePlan({ web: { mode: 'observe' } });

describe('a simulation', () => {
  const hang = trouble(60, { ended: byAttempt(1) });
  const crash = trouble(300, { reason: 'gone', ended: byAttempt(2), vain: [{ result: 'failed', actMs: 500 }] });
  const brief = trouble(600, { to: FROM + 600 * MINUTE + 50_000, soft: true });

  it('of the policy in force does what is on record', () => {
    const [record, present] = sideBySide(usual, usual, hang, crash);
    expect(record).toMatchObject({ restarts: 3, inVain: 1, needless: 0 });
    const { downMs, ...rest } = present;
    expect(rest).toEqual({ ...record, downMs: undefined, ...rest });
    expect(present).toMatchObject({ restarts: 3, inVain: 1, needless: 0, alerts: record.alerts });
    expect(Math.abs(downMs - record.downMs)).toBeLessThan(5_000);
  });

  it('of a hasty policy restarts more, and what would have got well by itself', () => {
    const [, present, changed] = sideBySide(usual, hasty, hang, crash, brief);
    expect(present).toMatchObject({ restarts: 3, needless: 0 });
    expect(changed).toMatchObject({ restarts: 4, needless: 1 });
  });

  it('of an observing policy restarts nothing, tells, and is down for longer', () => {
    const [record, , changed] = sideBySide(usual, observing, hang, crash);
    expect(changed).toMatchObject({ restarts: 0, inVain: 0 });
    expect(changed.alerts).toBeGreaterThan(0);
    expect(changed.downMs).toBeGreaterThan(record.downMs + HOUR);
  });

  it('counts attempts that do not help, and limits that are used up', () => {
    const person = trouble(60, { reason: 'gone', to: FROM + 200 * MINUTE, ended: { by: 'person' } });
    const [record, present, changed] = sideBySide(
      usual,
      servicePlan({ web: { policy: { maxAttemptsPerHour: 1 } } }),
      person,
    );
    expect(record).toMatchObject({ exhausted: 1 });
    expect(present).toMatchObject({ restarts: record.restarts, inVain: record.inVain, exhausted: 1 });
    expect(changed.restarts).toBeLessThan(present.restarts);
    expect(changed.inVain).toBe(changed.restarts);
  });

  it('of a value cleans up, and never calls that a restart', () => {
    const full = trouble(60, { target: 'disk', reason: 'over-limit', ended: byAttempt(1), to: FROM + 90 * MINUTE });
    const [record, present] = sideBySide(valuePlan('disk'), valuePlan('disk'), full);
    expect(record).toMatchObject({ restarts: 0, cleanups: 1 });
    expect(present).toMatchObject({ restarts: 0, cleanups: 1, inVain: 0 });
  });

  it('says nothing of targets that have left the config', () => {
    const recorded = recordOf(run(usual, hang));
    const policies = [{ name: 'this', plan: servicePlan({ other: {} }) }];
    const span = { from: FROM, to: FROM + 24 * HOUR };
    const compared = compare({ recorded, policies, ...span, state: initialState(), owners: {} });
    expect(compared).toMatchObject({ incidents: 0, left: ['web'] });
    expect(compared.columns[1]?.total.restarts).toBe(0);
  });

  it.each<TroubleClass>([
    'refused-configuration',
    'oom-killed',
    'data-corruption',
    'dependency-missing',
    'disk-full',
    'permission',
    'port-conflict',
    'wrong-runtime',
  ])('gives the judge an end by which it finds the class %s again', (kind) => {
    expect(classify({ reason: 'gone', message: '', exit: endOfClass(kind) }).class).toBe(kind);
  });

  it('never starts again what had damaged its data', () => {
    const damaged = trouble(60, { reason: 'gone', class: 'data-corruption', ended: { by: 'person' } });
    expect(run(usual, damaged).acts).toEqual([]);
  });
});

describe('the record', () => {
  const line = (second: number, kind: string, text: string): AuditLine => {
    return { at: FROM + second * 1_000, kind, text, target: 'web', incident: '7' };
  };
  const started = (second: number) =>
    line(second, 'attempt-started', 'Attempt 1 of 3: restart it: Playbook service-restart, class "disk-full": x');

  it('is read from the audit where the daemon has forgotten it', () => {
    const [one, ...others] = recordedInAudit([
      line(0, 'detected', 'web stopped running: its process is gone'),
      started(1),
      line(3, 'step-failed', 'exit 1'),
      line(4, 'alert-opened', 'Alert sent: web stopped running'),
      started(301),
      line(306, 'attempt-helped', 'Attempt helped after 5.0 s'),
      line(307, 'recovered', 'web is well again'),
      line(307, 'alert-resolved', 'Alert: web is well again'),
      line(400, 'recovered', 'of an incident whose begin is not kept'),
    ]);
    expect(others).toEqual([]);
    expect(one).toMatchObject({ attempts: [FROM + 1_000, FROM + 301_000], alerts: 2, exhausted: 0 });
    expect(one?.episode).toMatchObject({ reason: 'gone', class: 'disk-full', from: FROM, to: FROM + 307_000 });
    expect(one?.episode.vain).toEqual([{ result: 'failed', actMs: 2_000 }]);
    expect(one?.episode.ended).toEqual({ by: 'attempt', nth: 2, acts: 1, actMs: 1_000, startMs: 4_000 });
  });

  it('tells by the audit too who ended a trouble', () => {
    const endOf = (...lines: readonly AuditLine[]) =>
      recordedInAudit([line(0, 'detected', 'web stopped answering'), ...lines])[0]?.episode.ended.by;
    const byHand = line(1, 'attempt-started', 'A recovery asked for by hand: restart it');
    const over = line(9, 'recovered', 'web is well again');
    expect(endOf()).toBe('nobody');
    expect(endOf(over)).toBe('itself');
    expect(endOf(byHand, line(5, 'attempt-helped', ''), over)).toBe('person');
    expect(endOf(started(1), line(2, 'alert-opened', ''), over)).toBe('person');
  });

  it('has rows of failed looks that no incident came of, for as long as history keeps looks', () => {
    const point = (second: number, status: string, check = 'web:http') => ({
      check,
      at: FROM + second * 1_000,
      status,
    });
    const points = [point(0, 'ok'), point(10, 'critical'), point(12, 'critical'), point(14, 'ok'), point(20, 'ok')];
    const soft = softEpisodes(points, usual, []);
    expect(soft).toMatchObject([
      { target: 'web', from: FROM + 10_000, to: FROM + 14_000, reason: 'silent', soft: true },
    ]);
    const incident = trouble(0, { from: FROM + 5_000, to: FROM + 9_000 });
    expect(softEpisodes(points, usual, [incident])).toEqual([]);
    expect(softEpisodes([point(10, 'critical'), point(900, 'ok')], usual, [])).toEqual([]);
    expect(softEpisodes([point(10, 'critical', 'web:process'), point(12, 'ok', 'web:process')], usual, [])).toEqual([]);
  });
});
