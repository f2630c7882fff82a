import { actions } from '../actions/index.ts';
import { writeProblem } from './config/problems.ts';
import type { Equip } from './config/sketch.ts';
import { wallMs } from './host/clock.ts';
import type { Log } from './log.ts';
import { createEquip, type Misfit } from './playbooks/equip.ts';
import { type Library, type Refused, sayRefusal, stockLibrary, tellRefusal } from './playbooks/library.ts';
import { readOwn, stampOfOwn } from './playbooks/own.ts';
import { readShipped } from './playbooks/shipped.ts';
import { watchOwn } from './playbooks/watch.ts';
import type { Notice } from './store/notice.ts';

/** The playbooks in force. A wrong one changes nothing: its last good version stays, and the trouble is told. */
export type Playbooks = {
  readonly library: () => Library;
  /** Compiles with what is in force now; what does not fit is remembered from the last time. */
  readonly equipped: <T>(compile: (equip: Equip) => T) => T;
  readonly misfits: () => readonly Misfit[];
  /** Those of them that the config names. */
  readonly unfit: () => readonly Misfit[];
  /** For the second line of the status: `playbooks/mine.yaml is refused (line 3); …`. */
  readonly refused: () => string | undefined;
  readonly notices: () => readonly Notice[];
  /** Follows the folder until `signal`; `onChange` compiles anew. */
  readonly follow: (options: {
    readonly signal: AbortSignal;
    readonly log: Log;
    readonly onChange: () => Promise<void>;
  }) => void;
};

/** Throws NOT_BUILT when the package lacks its own. */
export async function openPlaybooks(home: string, homeFolder: string): Promise<Playbooks> {
  const shipped = await readShipped({ actions });
  const stamp = stampOfOwn(home);
  const read = async (before?: Library): Promise<Library> =>
    stockLibrary(shipped, await readOwn({ home, homeFolder, actions }), before);
  let library = await read();
  let readAt = wallMs();
  let misfits: readonly Misfit[] = [];
  let turn: Promise<void> = Promise.resolve();

  function equipped<T>(compile: (equip: Equip) => T): T {
    const found: Misfit[] = [];
    const plan = compile(createEquip(library, actions, (misfit) => found.push(misfit)));
    misfits = found;
    return plan;
  }

  const unfit = (): readonly Misfit[] => misfits.filter(({ wanted }) => wanted);

  function notices(): readonly Notice[] {
    const notice = (text: string): Notice => ({ at: readAt, code: 'PLAYBOOK_INVALID', text });
    return [
      ...library.refused.map((refused) => notice(tellRefusal(refused))),
      ...library.warnings.map((warning) => notice(writeProblem(warning))),
      ...unfit().map(({ target, because }) => notice(`${target}: ${because}`)),
    ];
  }

  function tell(log: Log): void {
    for (const refused of library.refused) log.error(logged(refused), 'playbook refused');
    const warnings = library.warnings.map(writeProblem);
    if (warnings.length > 0) log.warn({ warnings }, 'playbook warnings');
    for (const { target, name, because } of unfit()) log.warn({ target, name, because }, 'playbook does not fit');
  }

  return {
    library: () => library,
    equipped,
    misfits: () => misfits,
    unfit,
    refused: () => library.refused.map(sayRefusal)[0],
    notices,
    follow: ({ signal, log, onChange }) => {
      tell(log);
      const take = async (): Promise<void> => {
        library = await read(library);
        readAt = wallMs();
        await onChange();
        tell(log);
        log.info(
          { playbooks: library.all.filter(({ definition }) => definition.origin === 'own').length },
          'playbooks in force',
        );
      };
      const queue = (): void => {
        turn = turn
          .then(take)
          .catch((error: unknown) => log.error({ problem: String(error) }, 'playbook change broke'));
      };
      watchOwn(home, queue, { signal, since: stamp });
    },
  };
}

function logged({ file, problems, keeps }: Refused): object {
  return { file, code: 'PLAYBOOK_INVALID', problems: problems.map(writeProblem), lastGoodStays: keeps };
}
