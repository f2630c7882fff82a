import * as v from 'valibot';
import { type ActionContext, type ActionOutcome, defineAction } from '../src/action.ts';
import { sayDuration } from '../src/core/units.ts';
import { awaitService } from '../src/host/await-service.ts';
import { serviceEntries } from '../src/host/service-schema.ts';

const options = v.strictObject({
  ...serviceEntries,
  forMs: v.pipe(v.number(), v.minValue(0), v.maxValue(3_600_000)),
});
type Options = v.InferOutput<typeof options>;

/**
 * Waits for the least that must be so before a look can be good: its process runs, its port accepts connections. Whether
 * the service is well is for the looks after it to say.
 */
async function run({ forMs, ...traits }: Options, context: ActionContext): Promise<ActionOutcome> {
  const { tracked, owner, home, signal, hands } = context;
  const what = traits.port === undefined ? 'runs' : `runs and its port ${traits.port} accepts connections`;
  if (hands.dryRun)
    return { outcome: 'done', did: [`wait until ${traits.service} ${what}, for ${sayDuration(forMs)} at most`] };
  const before = { tracked, owner: owner ?? tracked?.owner, home, name: tracked?.command ?? traits.service };
  const { isUp, says, process = tracked, waitedMs } = await awaitService(traits, before, { forMs, signal });
  const waited =
    waitedMs < 1_000 ? 'did not have to wait' : `waited ${sayDuration(Math.round(waitedMs / 1_000) * 1_000)}`;
  if (isUp) return { outcome: 'done', did: [`${waited}: ${says}`], ...(process === undefined ? {} : { process }) };
  if (signal.aborted) return { outcome: 'failed', did: [], trouble: calledOff(traits.service) };
  return {
    outcome: 'failed',
    did: [`${waited}: ${says}`],
    trouble: {
      code: 'STILL_DOWN',
      message: `${traits.service} did not come up within ${sayDuration(forMs)}: ${says}.`,
      hint: 'Wait longer, or see in its log why it does not.',
    },
  };
}

function calledOff(service: string) {
  return {
    code: 'TRY_LATER',
    message: `It was called off while ${service} was waited for.`,
    hint: 'It is tried again when the limits allow.',
  };
}

export const waitHealthy = defineAction<Options>({
  name: 'wait-healthy',
  summary: 'Waits until the process of the service runs and its port accepts connections. Changes nothing.',
  options,
  run,
});
