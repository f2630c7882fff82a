import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { expandHome } from '../config/paths.ts';

/** `--home`, else JARVIS_HEALTH_HOME, else ~/jarvis-health: a visible folder, see DESIGN §8. */
export function homeOf(option: string | undefined, env: NodeJS.ProcessEnv): string {
  const homeFolder = env.HOME || homedir();
  return resolve(expandHome(option || env.JARVIS_HEALTH_HOME || '~/jarvis-health', homeFolder));
}

/** The home folder that a command line means, before it is read in full. */
export function homeIn(args: readonly string[], env: NodeJS.ProcessEnv): string {
  const at = args.lastIndexOf('--home');
  const joined = args.findLast((word) => word.startsWith('--home='))?.slice('--home='.length);
  return homeOf(at < 0 ? joined : args[at + 1], env);
}
