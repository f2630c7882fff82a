import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { typed } from '../../host/hands-plan.ts';
import { unitWords } from '../quote.ts';
import { run } from '../steps.ts';
import { filesIn } from './folder.ts';
import type { Rival } from './rival.ts';
import { isNoRival, signIn, signOf } from './signs.ts';

/** systemd units, started by themselves or by a timer, whose command restarts a gateway. */
export function rivalUnits(
  roots: { readonly homeFolder: string; readonly etc: string },
  root: boolean,
): readonly Rival[] {
  return [
    ...unitsIn(join(roots.homeFolder, '.config/systemd/user'), 'user', true),
    ...unitsIn(join(roots.etc, 'systemd/system'), 'system', root),
  ];
}

function unitsIn(folder: string, scope: 'user' | 'system', mayRetire: boolean): readonly Rival[] {
  return filesIn(folder, '.service').flatMap(({ name, path, text }) => {
    if (isNoRival(name)) return [];
    const commands = [...text.matchAll(/^Exec\w+=[-@:+!]*(.*)$/gm)].map(([, line = '']) => unitWords(line));
    const sign = signIn(name) ?? commands.map(signOf).find((one) => one !== undefined);
    if (sign === undefined) return [];
    const timer = name.replace(/service$/, 'timer');
    const units = existsSync(join(folder, timer)) ? [timer, name] : [name];
    const systemctl = ['systemctl', ...(scope === 'user' ? ['--user'] : []), '--no-ask-password'];
    const off = [...systemctl, 'disable', '--now', ...units];
    return [
      {
        name: `systemd ${scope} unit ${name}`,
        where: path,
        sign,
        retire: mayRetire ? [run(off)] : [],
        byHand: `${scope === 'system' ? 'sudo ' : ''}${typed(off)}`,
        undo: typed([...systemctl, 'enable', '--now', units[0] ?? name]),
      },
    ];
  });
}
