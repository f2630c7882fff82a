import { randomUUID } from 'node:crypto';
import type { Alert } from '../core/state.ts';
import { PersonError } from '../errors.ts';
import { renderAlerts } from '../text/alerts.ts';
import type { Context } from './context.ts';
import { askDaemon, at, printAnswer, tellDaemon } from './daemon.ts';
import { argument, type Options } from './options.ts';

export async function run(context: Context, args: readonly string[], options: Options): Promise<number> {
  const [what = 'list', named] = args;
  const id = what === 'ack' ? argument(args, 1, 'The id of the alert', 'jarvis-health alerts ack a3-mwpztuh8') : '';
  if (what !== 'ack' && named !== undefined) throw takesNoId(what, named);
  if (await isAway(context)) {
    const { withQueue } = await import('./alerts-alone.ts');
    return withQueue(context, async (queue) => {
      if (what === 'take') print(context, await queue.take());
      else if (what === 'ack') printAnswer(context, await queue.ack(id));
      else print(context, await queue.list(options.all === true));
      return 0;
    });
  }
  if (what === 'take') print(context, await take(context));
  else if (what === 'ack') printAnswer(context, await tellDaemon(context, at('alerts', id, 'ack')));
  else print(context, alertsOf(await askDaemon(context, `${at('alerts')}${options.all === true ? '?all=1' : ''}`)));
  return 0;
}

/** Who names one alert and is handed all of them would lose the others. */
function takesNoId(what: string, id: string): PersonError {
  const does = what === 'take' ? 'takes every pending alert' : 'lists every pending alert';
  return new PersonError(
    'USAGE',
    `alerts ${what} ${does} and no id.`,
    `For one of them: jarvis-health alerts ack ${id}`,
  );
}

/** An answer that was lost on its way is asked for again with the same receipt: no alert goes with it. */
async function take(context: Context): Promise<readonly Alert[]> {
  const receipt = randomUUID();
  const path = at('alerts', 'take');
  try {
    return alertsOf(await tellDaemon(context, path, { receipt }));
  } catch (error) {
    if (!(error instanceof PersonError) || error.code !== 'DAEMON_SILENT') throw error;
    return alertsOf(await tellDaemon(context, path, { receipt }));
  }
}

async function isAway(context: Context): Promise<boolean> {
  try {
    await askDaemon(context, '/health');
    return false;
  } catch (error) {
    if (error instanceof PersonError && error.code === 'DAEMON_NOT_RUNNING') return true;
    throw error;
  }
}

function print(context: Context, alerts: readonly Alert[]): void {
  if (context.json) context.outJson({ version: 1, alerts });
  else context.out(renderAlerts(alerts, context.paper()));
}

function alertsOf(answer: unknown): readonly Alert[] {
  if (typeof answer === 'object' && answer !== null && 'alerts' in answer && Array.isArray(answer.alerts))
    return answer.alerts;
  throw new PersonError(
    'INTERNAL',
    'The daemon answered without alerts.',
    'Is it of another version? Run: jarvis-health restart',
  );
}
