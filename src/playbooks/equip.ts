import type { Problem } from '../config/problems.ts';
import type { Equip, Equipment, TargetSketch } from '../config/sketch.ts';
import type { Playbook } from '../core/plan.ts';
import type { Actions } from './catalog.ts';
import { compilePlaybook } from './compile.ts';
import type { Library } from './library.ts';

/** A playbook that the config names for a target and that cannot be used for it. */
export type Misfit = { readonly target: string; readonly name: string; readonly because: string };

/** Gives targets their playbooks. What does not fit is left out, never guessed at; `onMisfit` hears of what the config names. */
export function createEquip(
  library: Pick<Library, 'named' | 'all'>,
  actions: Actions,
  onMisfit: (misfit: Misfit, problems: readonly Problem[]) => void = () => {},
): Equip {
  return (sketch) => {
    const { id, kind } = sketch.target;
    const misfits: Misfit[] = [];
    const playbooks: Playbook[] = [];
    for (const name of sketch.automatic) {
      const { playbook, because, problems = [] } = one(name, sketch);
      if (playbook !== undefined) playbooks.push(playbook);
      if (because === undefined) continue;
      misfits.push({ target: id, name, because });
      onMisfit({ target: id, name, because }, problems);
    }
    const others = library.all.filter(
      ({ definition, shadowed }) => !shadowed && definition.for === kind && !sketch.automatic.includes(definition.name),
    );
    const byHand = others.flatMap(({ definition }) => {
      const compiled = compilePlaybook(definition, sketch, actions);
      return compiled.ok ? [compiled.playbook] : [];
    });
    return { playbooks, byHand, ...because(playbooks, misfits) };
  };

  /** `because` only where something is wrong: a disk of which nothing may be deleted is not. */
  function one(
    name: string,
    sketch: TargetSketch,
  ): { readonly playbook?: Playbook; readonly because?: string; readonly problems?: readonly Problem[] } {
    const { kind } = sketch.target;
    const definition = library.named(name);
    if (definition === undefined) return { because: `there is no playbook ${name} that can be used` };
    if (definition.for !== kind) return { because: `the playbook ${name} is for ${definition.for}, not for ${kind}` };
    const compiled = compilePlaybook(definition, sketch, actions);
    if (compiled.ok) return { playbook: compiled.playbook };
    const [problem] = compiled.problems;
    if (problem === undefined) return {};
    return { because: `the playbook ${name} does not fit: ${problem.path} ${problem.message}`, ...compiled };
  }
}

function because(playbooks: readonly Playbook[], [misfit]: readonly Misfit[]): Pick<Equipment, 'because'> {
  return playbooks.length > 0 || misfit === undefined ? {} : { because: misfit.because };
}
