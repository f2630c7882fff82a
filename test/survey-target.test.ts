import { expect, it } from 'vitest';
import { surveyTarget } from '../src/survey-target.ts';
import { inFolder, servicePlan } from './helpers/plans.ts';

const known = { tracked: undefined, owner: undefined };
const fails = async (): Promise<never> => {
  throw new Error('ps: fork failed');
};

it('holds what cannot be surveyed, for there may be work or a restart that is not seen', async () => {
  const plan = inFolder(servicePlan({ web: {} }), '/srv/web');
  const { found } = await surveyTarget(plan, 'web', known, { surveyWork: fails, surveyOwner: fails });
  expect(found).toEqual([
    { kind: 'work', text: 'It cannot be seen what its owner is about to do: ps: fork failed.' },
    { kind: 'work', text: 'It cannot be seen whether somebody works on it: ps: fork failed.' },
  ]);
});

it('finds nothing where nothing is', async () => {
  const doors = { surveyWork: async () => [], surveyOwner: async () => ({ holds: [] }) };
  expect(await surveyTarget(servicePlan({ web: {} }), 'web', known, doors)).toEqual({ found: [] });
});
