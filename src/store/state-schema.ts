import * as v from 'valibot';
import type { State } from '../core/state.ts';
import type { Moment, TrackedProcess } from '../core/types.ts';
import { AlertSchema } from './alert-schema.ts';
import type { Same } from './same.ts';
import { reason, status, troubleClass } from './words-schema.ts';

// JSON leaves out what is undefined, so a key that may be undefined may be missing, and comes back as undefined.
const orUndefined = <T extends v.GenericSchema>(schema: T) => v.optional(schema, () => undefined);

const number = v.pipe(v.number(), v.finite());
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const moment = v.object({ at: number, steady: number });
const strings = v.array(v.string());

const host = v.object({
  attempts: v.array(number),
  breakerUntil: orUndefined(number),
  breakerAt: orUndefined(number),
  breakerTold: v.boolean(),
  quietUntil: orUndefined(number),
  quietBecause: orUndefined(v.string()),
});

const check = v.object({
  belief: status,
  since: moment,
  evidence: v.picklist(['definite', 'suspect']),
  reason,
  message: v.string(),
  strikes: count,
  unseen: v.optional(count, 0),
  definites: v.optional(count, 0),
  goods: count,
  badSince: orUndefined(moment),
  silentSince: orUndefined(moment),
  criticalSince: orUndefined(moment),
  countedAt: orUndefined(number),
});

const owner = v.variant('kind', [
  v.object({
    kind: v.literal('systemd'),
    scope: v.picklist(['user', 'system']),
    unit: v.string(),
    uid: v.optional(v.union([v.undefined(), count])),
  }),
  v.object({ kind: v.literal('launchd'), domain: v.string(), label: v.string() }),
  v.object({
    kind: v.literal('pm2'),
    name: v.string(),
    id: v.optional(v.union([v.undefined(), count])),
    home: v.optional(v.union([v.undefined(), v.string()])),
  }),
  v.object({
    kind: v.literal('container'),
    engine: v.picklist(['docker', 'podman']),
    name: v.string(),
    id: v.optional(v.union([v.undefined(), v.string()])),
  }),
]);

const tracked = v.object({
  pid: count,
  startToken: v.string(),
  command: v.string(),
  cwd: orUndefined(v.string()),
  hadTerminal: v.boolean(),
  proven: v.boolean(),
  ownGroup: orUndefined(number),
  owner: v.optional(v.union([v.undefined(), owner])),
});

const tryResult = v.picklist(['done', 'nothing', 'refused', 'failed', 'interrupted']);
const attemptOutcome = v.picklist(['recovered', 'not-recovered', 'refused', 'interrupted', 'stopped']);

const stepResult = v.object({
  step: count,
  action: v.string(),
  try: count,
  started: moment,
  ended: orUndefined(moment),
  result: orUndefined(tryResult),
  verified: orUndefined(v.boolean()),
  did: strings,
  trouble: orUndefined(v.string()),
  code: orUndefined(v.string()),
});

const attempt = v.object({
  id: v.string(),
  incident: orUndefined(v.string()),
  playbook: v.string(),
  reason,
  manual: v.boolean(),
  started: moment,
  step: count,
  class: v.optional(troubleClass, 'unclear'),
  because: v.optional(strings, () => []),
  forced: v.optional(v.boolean(), false),
  slo: orUndefined(number),
  phase: v.picklist(['acting', 'verifying', 'waiting', 'ended']),
  retryAt: orUndefined(number),
  stepEnded: orUndefined(moment),
  verifyBy: orUndefined(number),
  ended: orUndefined(moment),
  outcome: orUndefined(attemptOutcome),
  did: strings,
  trouble: orUndefined(v.string()),
  steps: v.optional(v.array(stepResult), () => []),
  needless: v.exactOptional(v.literal(true)),
  goods: v.optional(v.array(v.object({ check: v.string(), count, at: number })), () => []),
});

const target = v.object({
  belief: status,
  since: moment,
  hardStates: v.array(number),
  hardStateAt: number,
  flappingSince: orUndefined(number),
  incident: orUndefined(v.string()),
  attempts: v.array(attempt),
  forgottenAt: orUndefined(number),
  healthySince: orUndefined(moment),
  tracked: orUndefined(tracked),
  owner: v.optional(v.union([v.undefined(), owner])),
  starting: orUndefined(v.object({ since: moment, until: number, cap: number })),
  startTimesMs: v.array(number),
  shortLives: orUndefined(v.object({ count, since: moment, bornAt: number })),
  uncleanEnds: v.optional(v.array(v.object({ pid: count, startToken: v.string(), at: number })), () => []),
  forgiven: v.optional(v.union([v.undefined(), v.object({ pid: count, startToken: v.string() })])),
  bringUp: v.object({
    phase: v.picklist(['pending', 'waiting', 'acting', 'verifying', 'done', 'gave-up']),
    tries: count,
    at: number,
  }),
  hostHolds: v.array(
    v.object({
      kind: v.picklist(['work', 'maintenance-file', 'stopped-by-person', 'owner']),
      text: v.string(),
      since: moment,
      cap: number,
    }),
  ),
  survey: orUndefined(v.object({ askedAt: moment, answeredAt: orUndefined(moment) })),
  refusedUnder: orUndefined(v.string()),
  lastAlertAt: orUndefined(number),
  lastExit: orUndefined(
    v.object({
      at: moment,
      exitCode: orUndefined(number),
      signal: orUndefined(v.string()),
      lastLines: strings,
      outOfMemory: v.exactOptional(v.string()),
      ours: v.exactOptional(v.literal(true)),
    }),
  ),
  fullDisk: v.optional(v.union([v.undefined(), v.string()])),
  rulings: v.array(v.object({ at: number, code: v.string(), text: v.string(), until: v.exactOptional(number) })),
});

const incidentAttempt = v.object({
  id: v.string(),
  manual: v.boolean(),
  started: number,
  tookMs: number,
  actedMs: number,
  actMs: number,
  acts: count,
  result: orUndefined(tryResult),
  outcome: attemptOutcome,
  needless: v.exactOptional(v.literal(true)),
});

const incident = v.object({
  id: v.string(),
  target: v.string(),
  title: v.string(),
  phase: v.picklist(['detected', 'recovering', 'recovered', 'failed', 'suppressed']),
  severity: v.picklist(['warning', 'critical']),
  reason,
  class: v.exactOptional(troubleClass),
  because: v.exactOptional(strings),
  evidence: strings,
  started: moment,
  detected: moment,
  ended: orUndefined(moment),
  outcome: v.picklist(['open', 'auto-fixed', 'went-away', 'needed-you']),
  ack: orUndefined(moment),
  stopped: orUndefined(moment),
  personActed: v.boolean(),
  badLooks: count,
  badLookAt: number,
  sent: v.object({ opened: v.boolean(), escalated: v.boolean(), failed: v.boolean() }),
  gaveUp: v.boolean(),
  informed: v.boolean(),
  attempts: v.exactOptional(v.array(incidentAttempt)),
  wellFrom: v.optional(v.union([v.undefined(), number])),
  steps: v.array(v.object({ at: number, kind: v.string(), text: v.string(), detail: v.exactOptional(v.string()) })),
});

/**
 * What state.json must look like to be taken back by the judge. Unknown keys are dropped, so that an older program
 * can read a newer file of the same version.
 */
export const StateSchema = v.object({
  version: v.literal(1),
  clock: v.object({ at: number, steady: number, bootId: v.string(), uptimeMs: number }),
  lastIncident: count,
  lastAttempt: count,
  lastAlert: count,
  host,
  targets: v.record(v.string(), target),
  checks: v.record(v.string(), check),
  incidents: v.record(v.string(), incident),
  maintenance: v.array(
    v.object({ scope: v.string(), until: moment, reason: v.string(), by: v.string(), silent: v.boolean() }),
  ),
  silences: v.array(v.object({ scope: v.string(), until: moment, by: v.string() })),
  outbox: v.array(AlertSchema),
  owed: v.optional(v.array(AlertSchema), () => []),
});

// A key added to a type of src/core and forgotten here would be lost at the next start: so it does not compile.
true satisfies Same<v.InferOutput<typeof StateSchema>, State>;
true satisfies Same<v.InferOutput<typeof moment>, Moment>;
true satisfies Same<v.InferOutput<typeof tracked>, TrackedProcess>;
