import * as yaml from 'yaml';
import { actions } from '../../actions/index.ts';
import { writeProblem } from '../../src/config/problems.ts';
import type { Definition, PlaybookReading } from '../../src/playbooks/definition.ts';
import { readPlaybook } from '../../src/playbooks/read.ts';

/** As if it were `playbooks/mine.yaml` of Ada's home folder. */
export function read(text: string, name = 'mine'): PlaybookReading {
  const folder = '/home/ada/jarvis-health/playbooks';
  const own = { file: `playbooks/${name}.yaml`, origin: 'own', folder, homeFolder: '/home/ada' } as const;
  return readPlaybook(text, { name, actions, library: yaml, ...own });
}

/** It must be right. */
export function definitionOf(text: string, name = 'mine'): Definition {
  const reading = read(text, name);
  if (!reading.ok) throw new Error(reading.problems.map(writeProblem).join('\n'));
  return reading.definition;
}

/** Everything that is wrong with it, as a person reads it. */
export function problemsOf(text: string, name = 'mine'): readonly string[] {
  const reading = read(text, name);
  return reading.ok ? [] : reading.problems.map(writeProblem);
}
