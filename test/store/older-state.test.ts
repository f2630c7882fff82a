import * as v from 'valibot';
import { expect, test } from 'vitest';
import { StateSchema } from '../../src/store/state-schema.ts';
import { sampleState } from './samples.ts';

/** Keys that came after the first release of version 1, and what they are where a file does not have them. */
const ADDED: Readonly<Record<string, unknown>> = {
  shortLives: undefined,
  owed: [],
  unseen: 0,
  definites: 0,
  class: 'unclear',
  because: [],
  forced: false,
  slo: undefined,
  retryAt: undefined,
  goods: [],
};

function without(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(without);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      // What an attempt tried is new, and the story of an incident is not.
      .filter(([key]) => !(key in ADDED) && !(key === 'steps' && 'playbook' in value))
      .map(([key, inner]) => [key, without(inner)]),
  );
}

test('a state that was written before a key was known is taken back as it was', () => {
  const older = without(JSON.parse(JSON.stringify(sampleState(1))));
  const state = v.parse(StateSchema, older);
  expect(state.owed).toEqual([]);
  for (const target of Object.values(state.targets)) expect(target.shortLives).toBeUndefined();
  for (const { attempts } of Object.values(state.targets))
    for (const attempt of attempts)
      expect(attempt).toMatchObject({ class: 'unclear', because: [], forced: false, steps: [], goods: [] });
  for (const check of Object.values(state.checks)) expect(check).toMatchObject({ unseen: 0, definites: 0 });
  expect(without(JSON.parse(JSON.stringify(state)))).toEqual(older);
});
