import { resolve } from 'node:path';
import { isSelfOrAncestor, type ProcessFacts } from '../../host/processes.ts';
import type { Keepers } from './keepers.ts';
import type { Rival } from './rival.ts';
import { isSure, signOf } from './signs.ts';

/** What a program that watches others tends to be called: only those are looked into. */
const WATCHES = /watchdog|health|guard|keep-?alive|supervis/i;
const INTERPRETER = /\/?(python[\d.]*|node|bash|sh|zsh|ruby|perl)$/;

/** Running programs that nothing of the others explains: the old health system started by hand, a script in a terminal. */
export function rivalProcesses(
  running: readonly ProcessFacts[],
  uid: number,
  others: readonly Rival[],
  keepers: Pick<Keepers, 'pids'>,
): readonly Rival[] {
  const explained = others.map(({ sign }) => sign);
  return running.flatMap(({ pid, startToken, argv, command, cwd, uid: owner }) => {
    const [program = '', ...words] = argv;
    if (owner !== uid || !INTERPRETER.test(program) || !words.some((word) => WATCHES.test(word))) return [];
    // What runs the gateway, and the script that installs us.
    if (keepers.pids.has(pid) || isSelfOrAncestor(pid)) return [];
    const script = words.find((word) => !word.startsWith('-'));
    const file = script === undefined || cwd === undefined ? [] : [resolve(cwd, script)];
    const sign = signOf([...words, ...file]);
    if (sign === undefined || explained.some((one) => one === sign.line || command.includes(one))) return [];
    return [
      {
        id: String(pid),
        name: `process ${pid}`,
        where: command,
        sign: sign.line,
        isSure: isSure(sign, false),
        retire: [{ do: 'stop-process', pid, startToken, name: command }],
        byHand: `kill ${pid}`,
        undo: `start it again: ${command}`,
      },
    ];
  });
}
