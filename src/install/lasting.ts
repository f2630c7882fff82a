import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PersonError } from '../errors.ts';
import type { Program } from './command.ts';

/** Links that stay in place when a package manager puts the next version elsewhere. */
const LASTING_NODES = ['/opt/homebrew/bin/node', '/usr/local/bin/node', '/usr/bin/node'];

/**
 * Node and script of this very process, by the paths that are likely to last: a unit outlives versions. A Homebrew node
 * runs from a folder that the next upgrade removes. Throws NOT_LASTING for a copy that npx will throw away.
 */
export function lastingProgram(
  running: { readonly node: string; readonly script: string | undefined },
  lastingNodes: readonly string[] = LASTING_NODES,
): Program {
  const { node, script } = running;
  if (script === undefined)
    throw new PersonError('INTERNAL', 'This program does not know its own path.', 'Start it as jarvis-health.');
  if (/[/\\]_npx[/\\]/.test(script))
    throw new PersonError(
      'NOT_LASTING',
      'This copy of the program was fetched by npx and will be thrown away.',
      'Install it to stay: npm install --global jarvis-health',
    );
  const real = realpathSync(node);
  return { node: lastingNodes.find((path) => realOf(path) === real) ?? node, script };
}

/** Why the unit could not run what it names; `undefined` when it can. */
export function whyNotRunnable({ node, script }: Program): string | undefined {
  if (!may(node, constants.X_OK)) return `${node} is not there any more`;
  if (!may(script, constants.R_OK)) return `${script} is not there any more`;
  return undefined;
}

/**
 * Of the two, and the folders they lie in, the first that somebody else may change: what root runs must be root's.
 */
export function changeableByOthers({ node, script }: Program): string | undefined {
  return [node, script].map(realOf).find((path) => {
    if (path === undefined) return false;
    return [path, join(path, '..')].some((one) => {
      const { uid, mode } = statSync(one);
      return uid !== 0 || (mode & 0o002) !== 0;
    });
  });
}

function realOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

function may(path: string, how: number): boolean {
  try {
    accessSync(path, how);
    return true;
  } catch {
    return false;
  }
}
