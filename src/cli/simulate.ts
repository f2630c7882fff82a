import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { overlayConfig } from '../config/overlay.ts';
import type { Owner } from '../core/owner.ts';
import type { State } from '../core/state.ts';
import type { TargetId } from '../core/types.ts';
import { PersonError } from '../errors.ts';
import { openPlaybooks } from '../open-playbooks.ts';
import { planFor, readPlan } from '../read-plan.ts';
import { compare, RULES } from '../simulate/compare.ts';
import type { Recorded } from '../simulate/episode.ts';
import { recordedInAudit } from '../simulate/read-audit.ts';
import { recordedOf } from '../simulate/read-incidents.ts';
import { softEpisodes } from '../simulate/soft.ts';
import { type AuditRecord, readAudit } from '../store/audit-read.ts';
import { openHistory } from '../store/history.ts';
import { pathsOf } from '../store/home.ts';
import { peekState } from '../store/peek-state.ts';
import { initialState } from '../store/state.ts';
import { clean } from '../text/clean.ts';
import { renderSimulation } from '../text/simulation.ts';
import { fullTime } from '../text/time.ts';
import type { Context } from './context.ts';
import { countOption, type Options, textOption } from './options.ts';

const DAY_MS = 86_400_000;
const SOFT_MS = 2 * DAY_MS;
const MOST_DAYS = 400;

/** Reads what was recorded and changes nothing; needs no daemon. */
export async function run(context: Context, _args: readonly string[], options: Options): Promise<number> {
  const days = countOption(options, 'days', 30);
  if (days < 1 || days > MOST_DAYS)
    throw new PersonError('USAGE', `--days is ${days}, 1 to ${MOST_DAYS} is allowed.`, 'For example: --days 30');
  const { home, configFile, env } = context;
  const source = { home, file: configFile, env };
  const { plan } = await readPlan({ home, configFile, env });
  const file = textOption(options, 'policy');
  const policies = [{ name: 'this policy', plan }];
  if (file !== undefined) {
    const loaded = await overlayConfig(source, file);
    // Its own: what does not fit a config is told of that one.
    const theirs = await openPlaybooks(home, loaded.homeFolder);
    policies.push({ name: clean(basename(file), 22), plan: await planFor(loaded, home, theirs) });
  }
  const to = context.paper().nowMs;
  const record = await readRecord(context, to - days * DAY_MS, to);
  const soft = softEpisodes(
    record.points,
    plan,
    record.recorded.map(({ episode }) => episode),
  );
  const recorded = [
    ...record.recorded,
    ...soft.map((episode): Recorded => ({ episode, incident: undefined, attempts: [], alerts: 0, exhausted: 0 })),
  ];
  const { from, owners } = record;
  if (recorded.length === 0) return nothing(context, record.begins, days);
  const compared = compare({ recorded, policies, from, to, state: initialState(), owners });
  const notes = notesOf(context, record, compared.left, to - days * DAY_MS);
  if (context.json) context.outJson({ enough: true, from, to, days, notes, ...compared, rules: RULES });
  else context.out(`${renderSimulation({ ...compared, from, to, notes }, context.paper()).join('\n')}\n`);
  return 0;
}

type Record_ = {
  /** From when on something is known, and the begin of what is simulated. */
  readonly begins: number | undefined;
  readonly from: number;
  readonly recorded: readonly Recorded[];
  readonly older: number;
  readonly points: readonly { readonly check: string; readonly at: number; readonly status: string }[];
  readonly owners: Readonly<Record<TargetId, Owner>>;
  readonly changes: readonly AuditRecord[];
};

async function readRecord({ home }: Context, since: number, now: number): Promise<Record_> {
  const paths = pathsOf(home);
  const state = await peekState(paths.state);
  const lines = await readAudit(paths.audit, since);
  const kept = Object.values(state?.incidents ?? {});
  const ofTrouble = lines.flatMap(({ target, incident, ...line }) =>
    target === undefined || incident === undefined ? [] : [{ ...line, target, incident }],
  );
  const isKept = (one: Recorded): boolean =>
    kept.some(({ id, detected }) => id === one.incident && Math.abs(detected.at - one.episode.from) < 60_000);
  const older = recordedInAudit(ofTrouble).filter((one) => !isKept(one));
  const recorded = [...older, ...kept.map(recordedOf)].filter(({ episode }) => episode.from >= since);
  const points = existsSync(paths.history)
    ? await openHistory({ folder: paths.history }).points({ from: now - SOFT_MS, to: now })
    : [];
  const firsts = [lines[0]?.at, ...recorded.map(({ episode }) => episode.from), points[0]?.at];
  const begins = firsts.filter((at) => at !== undefined).toSorted((a, b) => a - b)[0];
  const changes = lines.filter(({ kind }) => kind === 'config-loaded');
  const from = Math.max(since, begins ?? since);
  return { begins, from, recorded, older: older.length, points, owners: ownersOf(state), changes };
}

function ownersOf(state: State | undefined): Readonly<Record<TargetId, Owner>> {
  const known = Object.entries(state?.targets ?? {});
  return Object.fromEntries(known.flatMap(([id, { owner }]) => (owner === undefined ? [] : [[id, owner] as const])));
}

function nothing(context: Context, begins: number | undefined, days: number): number {
  const since =
    begins === undefined ? 'Nothing is recorded yet' : `No trouble is on record since ${begun(context, begins)}`;
  const text = `${since}: there is nothing that another policy could have done otherwise.`;
  if (context.json) context.outJson({ enough: false, days, notes: [text], columns: [] });
  else context.out(`${text}\nLet the daemon watch for a while: jarvis-health status\n`);
  return 0;
}

function begun(context: Context, at: number): string {
  return fullTime(at, context.paper().nowMs);
}

function notesOf(context: Context, record: Record_, left: readonly TargetId[], asked: number): readonly string[] {
  const { begins, changes, older } = record;
  const last = changes.at(-1);
  const isShort = begins !== undefined && begins - asked > DAY_MS;
  return [
    ...(isShort ? [`The record begins only at ${begun(context, begins)}.`] : []),
    ...(last === undefined
      ? []
      : [`The config was changed at ${begun(context, last.at)}: what is on record before was done by another policy.`]),
    ...(older === 0
      ? []
      : [`${older} of the incidents are known by the audit only: they begin when they were believed.`]),
    ...(left.length === 0 ? [] : [`Not in the config any more, and left out: ${left.join(', ')}.`]),
  ];
}
