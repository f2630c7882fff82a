import type { Context } from './context.ts';
import { at, printAnswer, tellDaemon } from './daemon.ts';
import { argument, durationOption, type Options } from './options.ts';

export async function run(context: Context, args: readonly string[], options: Options): Promise<number> {
  const scope = argument(args, 0, 'The target', 'jarvis-health silence hub --for 1h');
  printAnswer(
    context,
    await tellDaemon(context, at('targets', scope, 'silence'), { forMs: durationOption(options, 'for', '1h') }),
  );
  return 0;
}
