import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { typed } from '../../host/hands-plan.ts';
import { unitWords } from '../quote.ts';
import type { RunCommand } from '../sight.ts';
import { run } from '../steps.ts';
import { filesIn } from './folder.ts';
import type { Keepers } from './keepers.ts';
import { isTimerOften } from './recurs.ts';
import type { Rival } from './rival.ts';
import { isNoRival, isOldSystem, isSure, signOf } from './signs.ts';

/**
 * systemd units, started by themselves or by a timer, whose command restarts a gateway. One that is off is no rival, nor
 * one that the gateway runs in.
 */
export async function rivalUnits(
  roots: { readonly homeFolder: string; readonly etc: string },
  root: boolean,
  ask: RunCommand,
  keepers: Pick<Keepers, 'units'>,
): Promise<readonly Rival[]> {
  const suspects = [
    ...suspectsIn(join(roots.homeFolder, '.config/systemd/user'), 'user', true),
    ...suspectsIn(join(roots.etc, 'systemd/system'), 'system', root),
  ];
  const others = suspects.filter(({ scope, name }) => !keepers.units.has(`${scope} ${name}`));
  const rivals = await Promise.all(others.map(async (one) => ((await isOff(one, ask)) ? [] : [rivalFrom(one)])));
  return rivals.flat();
}

type Suspect = {
  readonly name: string;
  readonly path: string;
  readonly sign: string;
  readonly isSure: boolean;
  readonly scope: 'user' | 'system';
  /** The unit, after its timer when it has one. */
  readonly units: readonly string[];
  readonly mayRetire: boolean;
};

function suspectsIn(folder: string, scope: Suspect['scope'], mayRetire: boolean): readonly Suspect[] {
  return filesIn(folder, '.service').flatMap(({ name, path, text }) => {
    if (isNoRival(name)) return [];
    const timer = name.replace(/service$/, 'timer');
    const schedule = textOf(join(folder, timer));
    const found = isOldSystem(name)
      ? { line: name, sure: true }
      : commandsOf(text)
          .map(signOf)
          .flatMap((sign) => sign && { line: sign.line, sure: isSure(sign, isTimerOften(schedule ?? '')) })
          .find((one) => one !== undefined);
    const units = schedule === undefined ? [name] : [timer, name];
    return found === undefined ? [] : [{ name, path, sign: found.line, isSure: found.sure, scope, units, mayRetire }];
  });
}

/** What it is for is its ExecStart=; what it does before and after says nothing of that (systemd.service(5)). */
function commandsOf(text: string): readonly (readonly string[])[] {
  const lines = text.replace(/\\\n/g, ' ').matchAll(/^[ \t]*ExecStart[ \t]*=[ \t]*[-@:+!|]*(.*)$/gm);
  return [...lines].map(([, line = '']) => unitWords(line));
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** Neither runs nor would be started: retired before, or by a person. What cannot be asked is not off. */
async function isOff({ scope, units }: Suspect, ask: RunCommand): Promise<boolean> {
  const shown = await ask([...systemctl(scope), 'show', '--property=ActiveState,UnitFileState', ...units], 5_000);
  return shown.ok && !/^(ActiveState=(active|activating|reloading)|UnitFileState=enabled.*)$/m.test(shown.stdout);
}

function rivalFrom({ name, path, sign, isSure, scope, units, mayRetire }: Suspect): Rival {
  const off = [...systemctl(scope), 'disable', '--now', ...units];
  return {
    id: name,
    name: `systemd ${scope} unit ${name}`,
    where: path,
    sign,
    isSure,
    retire: mayRetire ? [run(off)] : [],
    byHand: `${scope === 'system' ? 'sudo ' : ''}${typed(off)}`,
    undo: typed([...systemctl(scope), 'enable', '--now', units[0] ?? name]),
  };
}

function systemctl(scope: Suspect['scope']): readonly string[] {
  return ['systemctl', ...(scope === 'user' ? ['--user'] : []), '--no-ask-password'];
}
