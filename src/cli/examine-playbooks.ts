import { writeProblem } from '../config/problems.ts';
import { PersonError } from '../errors.ts';
import type { Playbooks } from '../open-playbooks.ts';
import { tellRefusal } from '../playbooks/library.ts';
import { readPlan } from '../read-plan.ts';
import { count } from '../text/words.ts';
import type { Context } from './context.ts';
import type { Finding } from './examine.ts';

/** What is wrong with your own playbooks, and with what the config names of them. */
export async function examinePlaybooks({ home, configFile, env }: Context): Promise<readonly Finding[]> {
  const what = 'Playbooks';
  let playbooks: Playbooks;
  try {
    ({ playbooks } = await readPlan({ home, configFile, env }));
  } catch (error) {
    if (!(error instanceof PersonError)) throw error;
    // A config that is refused is told already.
    return /^CONFIG_/.test(error.code) ? [] : [{ is: 'wrong', what, text: error.message, fix: error.hint }];
  }
  const { refused, warnings, all } = playbooks.library();
  const lacks = (text: string): Finding => ({ is: 'lacks', what, text, fix: 'jarvis-health playbooks' });
  const findings = [
    ...refused.map((one) => lacks(tellRefusal(one))),
    ...warnings.map((warning) => lacks(writeProblem(warning))),
    ...playbooks.unfit().map(({ target, because }) => lacks(`${target}: ${because}`)),
  ];
  if (findings.length > 0) return findings;
  const own = all.filter(({ definition }) => definition.origin === 'own').length;
  return [{ is: 'good', what, text: own === 0 ? 'as shipped' : `${count(own, 'playbook')} of your own, right` }];
}
