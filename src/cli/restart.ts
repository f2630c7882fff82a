import { resolve } from 'node:path';
import { loadConfig } from '../config/load.ts';
import type { Context } from './context.ts';
import type { Options } from './options.ts';
import { run as start, startInstalled } from './start.ts';
import { stopDaemon } from './stop.ts';
import { installedFor } from './supervised.ts';

export async function run(context: Context, args: readonly string[], options: Options): Promise<number> {
  // A daemon that watches with its last good config is worth more than one that does not start with a wrong one.
  const file = context.configFile === undefined ? undefined : resolve(context.configFile);
  await loadConfig({ home: context.home, file, env: context.env });
  const installed = await installedFor(context);
  if (installed !== undefined)
    return startInstalled(context, installed, { observe: options.observe === true, configFile: file, anew: true });
  const { text } = await stopDaemon(context);
  context.say(text);
  return start(context, args, { observe: options.observe === true });
}
