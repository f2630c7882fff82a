import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { initialState, openState } from '../../src/store/state.ts';
import { NOON, sampleState } from './samples.ts';
import { scratch } from './scratch.ts';

describe('state.json', () => {
  it('starts empty', async () => {
    const { value } = await openState({ state: join(scratch(), 'state.json') }, { nowMs: NOON });
    expect(value).toEqual(initialState());
  });

  it('comes back exactly, with every key that may be undefined', async () => {
    const paths = { state: join(scratch(), 'state.json') };
    await (await openState(paths, { nowMs: NOON })).save(sampleState(7));
    const { value, notices } = await openState(paths, { nowMs: NOON });
    expect(value).toStrictEqual(sampleState(7));
    expect(notices).toEqual([]);
  });

  it('truncated at every byte, gives the newest or the one before', async () => {
    const paths = { state: join(scratch(), 'state.json') };
    const document = await openState(paths, { nowMs: NOON });
    await document.save({ ...initialState(), lastAttempt: 1 });
    await document.save({ ...initialState(), lastAttempt: 2 });
    const whole = readFileSync(paths.state);
    for (let bytes = 0; bytes < whole.length; bytes += 1) {
      writeFileSync(paths.state, whole.subarray(0, bytes));
      const { value, notices } = await openState(paths, { nowMs: NOON });
      if (notices.length === 0) expect(value.lastAttempt).toBe(2);
      else expect(value.lastAttempt).toBe(1);
    }
  });

  it('names the place that is wrong', async () => {
    const paths = { state: join(scratch(), 'state.json') };
    writeFileSync(paths.state, JSON.stringify({ ...sampleState(1), lastAlert: 'x' }));
    const { notices } = await openState(paths, { nowMs: NOON });
    expect(notices[0]?.text).toContain('lastAlert: ');
  });
});
