import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { typed } from '../../host/hands-plan.ts';
import { unitWords } from '../quote.ts';
import type { RunCommand } from '../sight.ts';
import { run } from '../steps.ts';
import { filesIn } from './folder.ts';
import type { Rival } from './rival.ts';
import { isNoRival, signIn, signOf } from './signs.ts';

/** systemd units, started by themselves or by a timer, whose command restarts a gateway. One that is off is no rival. */
export async function rivalUnits(
  roots: { readonly homeFolder: string; readonly etc: string },
  root: boolean,
  ask: RunCommand,
): Promise<readonly Rival[]> {
  const suspects = [
    ...suspectsIn(join(roots.homeFolder, '.config/systemd/user'), 'user', true),
    ...suspectsIn(join(roots.etc, 'systemd/system'), 'system', root),
  ];
  const rivals = await Promise.all(suspects.map(async (one) => ((await isOff(one, ask)) ? [] : [rivalFrom(one)])));
  return rivals.flat();
}

type Suspect = {
  readonly name: string;
  readonly path: string;
  readonly sign: string;
  readonly scope: 'user' | 'system';
  /** The unit, after its timer when it has one. */
  readonly units: readonly string[];
  readonly mayRetire: boolean;
};

function suspectsIn(folder: string, scope: Suspect['scope'], mayRetire: boolean): readonly Suspect[] {
  return filesIn(folder, '.service').flatMap(({ name, path, text }) => {
    if (isNoRival(name)) return [];
    const commands = [...text.matchAll(/^Exec\w+=[-@:+!]*(.*)$/gm)].map(([, line = '']) => unitWords(line));
    const sign = signIn(name) ?? commands.map(signOf).find((one) => one !== undefined);
    const timer = name.replace(/service$/, 'timer');
    const units = existsSync(join(folder, timer)) ? [timer, name] : [name];
    return sign === undefined ? [] : [{ name, path, sign, scope, units, mayRetire }];
  });
}

/** Neither runs nor would be started: retired before, or by a person. What cannot be asked is not off. */
async function isOff({ scope, units }: Suspect, ask: RunCommand): Promise<boolean> {
  const shown = await ask([...systemctl(scope), 'show', '--property=ActiveState,UnitFileState', ...units], 5_000);
  return shown.ok && !/^(ActiveState=(active|activating|reloading)|UnitFileState=enabled.*)$/m.test(shown.stdout);
}

function rivalFrom({ name, path, sign, scope, units, mayRetire }: Suspect): Rival {
  const off = [...systemctl(scope), 'disable', '--now', ...units];
  return {
    name: `systemd ${scope} unit ${name}`,
    where: path,
    sign,
    retire: mayRetire ? [run(off)] : [],
    byHand: `${scope === 'system' ? 'sudo ' : ''}${typed(off)}`,
    undo: typed([...systemctl(scope), 'enable', '--now', units[0] ?? name]),
  };
}

function systemctl(scope: Suspect['scope']): readonly string[] {
  return ['systemctl', ...(scope === 'user' ? ['--user'] : []), '--no-ask-password'];
}
