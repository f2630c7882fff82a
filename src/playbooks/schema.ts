import * as v from 'valibot';
import { described, either, type Kind, needed, optional, preset } from '../config/schema/option.ts';
import { count, duration } from '../config/schema/quantities.ts';
import { choice, line } from '../config/schema/words.ts';
import { CLASSES, KINDS } from './classes.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** Waits between tries grow up to this, and no further. */
export const LONGEST_BACKOFF_MS = 5 * MINUTE_MS;
/** Nobody waits longer for one recovery. */
export const LONGEST_SLO_MS = HOUR_MS;

function classes(description: string, derived: string) {
  const one = () => needed(choice(...CLASSES), 'A class of trouble.');
  const form = either(
    v.pipe(
      one(),
      v.transform((word) => [word]),
    ),
    v.pipe(v.array(one()), v.minLength(1)),
  );
  return v.exactOptional(described(form, description, { derived, examples: [['hung']] }));
}

/** What an option of an action may be is the action's to say (options.ts). */
const anything: Kind<unknown> = {
  wanted: 'a value',
  json: {},
  write: String,
  read: (raw) => ({ ok: true, value: raw }),
};
const value = v.pipe(v.unknown(), v.metadata({ kind: anything, about: { description: 'What the option is set to.' } }));

const verify = v.strictObject({
  checks: v.exactOptional(
    described(
      v.pipe(v.array(needed(line('the name of a check', 4096), 'A check of the target.')), v.minLength(1)),
      'Checks of the target that must be well, without its name: `http`, `process`.',
      { derived: 'all of them', examples: [['http']] },
    ),
  ),
  good: optional(count(1, 100), 'Good looks in a row that prove it.', { derived: 'policy.successThreshold' }),
  every: optional(duration(100, HOUR_MS), 'Distance between these looks.', { derived: "the check's own" }),
  within: optional(duration(100, HOUR_MS), 'Time in which they must have come.', {
    derived: 'the time that a start may take; a minute for a disk, memory and logs',
  }),
});

const step = v.strictObject({
  action: needed(line('the name of an action', 64), 'What is done. The actions are below.'),
  with: v.exactOptional(
    described(
      v.record(v.string(), value),
      'Options of the action, over those that the config of the target gives. Times and sizes as in the config.',
      { examples: [{ hungStopGrace: '3s' }] },
    ),
  ),
  timeout: optional(duration(100, HOUR_MS), 'The action is called off after this time.', {
    derived: "the action's own; it is below",
  }),
  when: classes('Classes of trouble for which this step runs; for the other ones it is passed over.', 'all'),
  retries: preset(count(0, 10), 0, 'Further tries when the step failed, or its verification did.'),
  backoff: preset(
    duration(1000, LONGEST_BACKOFF_MS),
    '30s',
    'Wait before the first retry. It is doubled before each further one, up to 5m.',
  ),
  verify: v.exactOptional(
    described(
      either(
        v.pipe(
          needed(choice('none'), 'The step only prepares; the next one follows at once.'),
          v.transform((word): 'none' | v.InferOutput<typeof verify> => word),
        ),
        verify,
      ),
      'How it is seen whether the step helped. `none`: it only prepares, the next one follows at once.',
      { derived: 'all checks of the target, as always' },
    ),
  ),
});

/** A playbook as it is written: the one place where its fields are named, described and given their defaults. */
export const playbookSchema = v.strictObject({
  name: needed(
    line('a name of small letters, digits and hyphens', 64),
    'Its name, which is also the name of its file.',
    {
      examples: ['hung-process'],
    },
  ),
  summary: needed(line('a sentence', 200), 'One sentence for people: what it does.'),
  for: needed(choice(...KINDS), 'The kind of target that it is for.'),
  when: classes(
    'Classes of trouble for which it is chosen by itself, when a target names it. By hand it can always be run.',
    'all',
  ),
  slo: preset(
    duration(1000, LONGEST_SLO_MS),
    '15m',
    'Time objective of the whole run: no further step and no retry begins after it.',
  ),
  steps: described(
    v.pipe(v.array(described(step, 'A step.')), v.minLength(1), v.maxLength(20, 'has more than 20 steps')),
    'What is done, in this order. The next step runs only when the one before did not help.',
  ),
});

export type Written = v.InferOutput<typeof playbookSchema>;
export type WrittenStep = Written['steps'][number];
