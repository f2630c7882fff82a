import type { Context } from './context.ts';
import { at, printAnswer, tellDaemon } from './daemon.ts';
import { argument } from './options.ts';

export async function run(context: Context, args: readonly string[]): Promise<number> {
  const scope = argument(args, 0, 'The target', 'jarvis-health unsilence hub');
  printAnswer(context, await tellDaemon(context, at('targets', scope, 'unsilence')));
  return 0;
}
