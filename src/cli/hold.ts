import type { Context } from './context.ts';
import { at, printAnswer, tellDaemon } from './daemon.ts';
import { argument, durationOption, type Options, textOption } from './options.ts';

export async function run(context: Context, args: readonly string[], options: Options): Promise<number> {
  const scope = argument(args, 0, 'The target', 'jarvis-health hold hub --for 30m');
  const body = {
    forMs: durationOption(options, 'for', '30m'),
    reason: textOption(options, 'reason') ?? '',
    silent: options.silent === true,
  };
  printAnswer(context, await tellDaemon(context, at('targets', scope, 'hold'), body));
  return 0;
}
