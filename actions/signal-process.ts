import * as v from 'valibot';
import { type ActionContext, type ActionOutcome, defineAction } from '../src/action.ts';
import { findRecipient } from '../src/host/find-recipient.ts';
import { serviceEntries } from '../src/host/service-schema.ts';
import { signalService } from '../src/host/signal-service.ts';

/** Those that are meant to end a process; the others are orders that it takes and lives on. */
const ENDING: readonly string[] = ['TERM', 'INT', 'QUIT', 'KILL'];
const AFTER_MS = 10_000;
const AFTER_BEFORE_KILL_MS = 3_000;

const options = v.pipe(
  v.strictObject({
    ...serviceEntries,
    // Never USR1 (it opens Node's inspector) and never STOP (nobody would continue it).
    signal: v.picklist(['TERM', 'INT', 'HUP', 'QUIT', 'KILL', 'CONT', 'USR2']),
    // biome-ignore lint/suspicious/noThenProperty: it is the word of the playbook, and never awaited.
    then: v.optional(v.literal('KILL')),
    /** How long it has to end before `then`, or before the step has failed. */
    afterMs: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(300_000))),
  }),
  v.check(
    ({ signal, then }) => then === undefined || (signal !== 'KILL' && ENDING.includes(signal)),
    '`then` follows a signal that is to end the process: TERM, INT or QUIT',
  ),
);
type Options = v.InferOutput<typeof options>;

async function run(options: Options, context: ActionContext): Promise<ActionOutcome> {
  const { signal, then, afterMs, ...query } = options;
  const { reason, tracked, owner, home, asked = false, hands } = context;
  const found = await findRecipient(query, { reason, tracked, owner, home, asked });
  if ('outcome' in found) return found;
  if (context.signal.aborted) return { outcome: 'failed', did: [], trouble: calledOff };
  return await signalService(found, {
    signal: `SIG${signal}`,
    endsWithinMs: ENDING.includes(signal)
      ? (afterMs ?? (then === undefined ? AFTER_MS : AFTER_BEFORE_KILL_MS))
      : undefined,
    thenKill: then !== undefined,
    hands,
    tracked,
    called: context.signal,
  });
}

const calledOff = {
  code: 'TRY_LATER',
  message: 'It was called off before a signal was sent.',
  hint: 'It is tried again when the limits allow.',
};

export const signalProcess = defineAction<Options>({
  name: 'signal-process',
  summary: 'Sends a signal to what is provably the service, through its owner where it has one.',
  options,
  run,
});
