import * as v from 'valibot';
import { type ActionContext, type ActionOutcome, defineAction } from '../src/action.ts';
import { findVictims, stopAll } from '../src/host/stop-service.ts';

const text = v.pipe(v.string(), v.minLength(1));
const options = v.strictObject({
  service: text,
  match: v.optional(v.union([v.undefined(), text])),
  port: v.optional(v.union([v.undefined(), v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535))])),
  stopGraceMs: v.pipe(v.number(), v.minValue(0)),
});
type Options = v.InferOutput<typeof options>;

async function run(options: Options, { hands, tracked, home, signal }: ActionContext): Promise<ActionOutcome> {
  const before = hands.planned.length;
  const victims = await findVictims({ ...options, home }, tracked);
  if ('refusal' in victims) return { outcome: 'refused', did: [], trouble: victims.refusal };
  if (victims.all.length === 0) return { outcome: 'nothing', did: [`no process of ${options.service} runs`] };
  if (signal.aborted)
    return {
      outcome: 'failed',
      did: [],
      trouble: { code: 'TRY_LATER', message: 'It was called off before anything was stopped.', hint: 'Try again.' },
    };
  const { did, trouble, refused } = await stopAll(victims.all, hands, options.stopGraceMs);
  if (trouble !== undefined) return { outcome: refused ? 'refused' : 'failed', did, trouble };
  if (hands.dryRun) return { outcome: 'done', did: hands.planned.slice(before) };
  return did.length === 0
    ? { outcome: 'nothing', did: [`${options.service} had ended by itself`] }
    : { outcome: 'done', did };
}

export const stopProcess = defineAction<Options>({
  name: 'stop-process',
  summary: 'Ends what is provably the service, and nothing else.',
  options,
  run,
});
