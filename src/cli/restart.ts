import type { Context } from './context.ts';
import type { Options } from './options.ts';
import { run as start } from './start.ts';
import { stopDaemon } from './stop.ts';

export async function run(context: Context, args: readonly string[], options: Options): Promise<number> {
  const { text } = await stopDaemon(context);
  context.say(text);
  return start(context, args, { observe: options.observe === true });
}
