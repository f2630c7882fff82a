import { type Problem, writeProblem } from '../config/problems.ts';
import type { Equip, TargetSketch } from '../config/sketch.ts';
import type { Playbook } from '../core/plan.ts';
import type { Actions } from './catalog.ts';
import { compilePlaybook } from './compile.ts';
import type { Definition } from './definition.ts';
import type { Library } from './library.ts';

/** A playbook that cannot be used for a target, and why. */
export type Misfit = {
  readonly target: string;
  readonly name: string;
  readonly because: string;
  /** The config names it for this target; otherwise it only could have been run by hand. */
  readonly wanted: boolean;
  /** Where in the playbook, when it is about a place there. */
  readonly problems: readonly Problem[];
};

/** Gives targets their playbooks. What does not fit is left out, never guessed at, and told to `onMisfit`. */
export function createEquip(
  library: Pick<Library, 'named' | 'all'>,
  actions: Actions,
  onMisfit: (misfit: Misfit) => void = () => {},
): Equip {
  return (sketch) => {
    const { id, kind } = sketch.target;
    let first: string | undefined;
    const miss = (name: string, wanted: boolean, because: string, problems: readonly Problem[] = []): void => {
      if (wanted) first ??= because;
      onMisfit({ target: id, name, because, wanted, problems });
    };
    const playbooks = sketch.automatic.flatMap((name) => {
      const definition = library.named(name);
      if (definition?.for === kind) return compiled(definition, sketch, true, miss);
      const is = definition === undefined ? 'is none that can be used' : `is for ${definition.for}, not for ${kind}`;
      miss(name, true, `the playbook ${name} ${is}`);
      return [];
    });
    const byHand = library.all
      .filter(({ definition, shadowed }) => !shadowed && definition.for === kind)
      .filter(({ definition }) => !sketch.automatic.includes(definition.name))
      .flatMap(({ definition }) => compiled(definition, sketch, false, miss));
    return { playbooks, byHand, ...(playbooks.length > 0 || first === undefined ? {} : { because: first }) };
  };

  function compiled(
    definition: Definition,
    sketch: TargetSketch,
    wanted: boolean,
    miss: (name: string, wanted: boolean, because: string, problems: readonly Problem[]) => void,
  ): readonly Playbook[] {
    const outcome = compilePlaybook(definition, sketch, actions);
    if (outcome.ok) return [outcome.playbook];
    const { name } = definition;
    const [problem] = outcome.problems;
    // Nothing is wrong where the config leaves nothing to be done, and by hand nobody has asked for it yet.
    if (problem !== undefined)
      miss(name, wanted, `the playbook ${name} does not fit: ${writeProblem(problem)}`, outcome.problems);
    return [];
  }
}
