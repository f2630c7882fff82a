import type { Problem } from '../config/problems.ts';
import { readPlan } from '../read-plan.ts';
import type { Context } from './context.ts';

/** `frame` shows the line to a person. */
export type Wrong = { readonly problem: Problem; readonly frame: string | undefined };

/** Your own playbooks as they are on disk, and whether each target can have those that the config names. */
export async function checkPlaybooks({
  home,
  configFile,
  env,
}: Context): Promise<{ readonly refused: readonly Wrong[]; readonly warnings: readonly Problem[] }> {
  const { playbooks, loaded } = await readPlan({ home, configFile, env });
  const { refused, warnings } = playbooks.library();
  const wrong = refused.flatMap(({ problems, frames }) =>
    problems.map((problem, index): Wrong => ({ problem, frame: frames[index] })),
  );
  const broken = new Set(refused.map(({ name }) => name));
  const unfit = playbooks
    .unfit()
    .filter(({ name }) => !broken.has(name))
    .map(({ target, because, problems: [problem] }): Wrong => {
      const written =
        loaded.written(['services', target, 'playbook']) ?? loaded.written(['policy', target, 'playbook']);
      const place = written?.place;
      const file = loaded.file.split('/').at(-1) ?? loaded.file;
      const said = { severity: 'error', file, line: place?.line, column: place?.column, path: '' } as const;
      return { problem: problem ?? { ...said, message: `${target}: ${because}` }, frame: undefined };
    });
  return { refused: [...wrong, ...unfit], warnings };
}
