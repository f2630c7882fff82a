import { describe, expect, it } from 'vitest';
import { DATA_BUDGET, fitForFiles } from '../../src/page/fit.ts';
import { renderDataFile } from '../../src/page/render.ts';
import { broken, calm } from './snapshots.ts';
import { incident, service } from './targets.ts';

const AT = 1_700_000_000_000;
const steps = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ at: AT + i, kind: 'did', text: `step ${i} of a long story` }));

describe('a snapshot on its way into a file', () => {
  it('stays as it is on an ordinary day', () => {
    expect(fitForFiles(broken(AT))).toEqual(broken(AT));
  });

  it('keeps every target and every open incident, and of the past the newest', () => {
    const open = Array.from({ length: 3 }, (_, i) => incident(AT, { id: `o${i}`, outcome: 'open', steps: steps(200) }));
    const closed = Array.from({ length: 50 }, (_, i) =>
      incident(AT, { id: `c${i}`, start: AT - i, steps: steps(200) }),
    );
    const rulings = Array.from({ length: 20 }, (_, i) => ({ at: AT - i, code: 'held', text: 'not now' }));
    const targets = calm(AT).targets.map((target) => ({ ...target, rulings }));
    const fitted = fitForFiles({ ...calm(AT), targets, incidents: [...closed, ...open] });
    expect(fitted.targets).toHaveLength(targets.length);
    expect(fitted.targets[0]?.rulings).toEqual(rulings.slice(0, 5));
    expect(fitted.incidents.map(({ id }) => id)).toEqual([
      ...open.map(({ id }) => id),
      ...closed.slice(0, 20).map(({ id }) => id),
    ]);
    expect(fitted.incidents.map((one) => one.steps.length)).toEqual([...Array(8).fill(60), ...Array(15).fill(0)]);
    expect(fitted.incidents[0]?.steps.map((step) => step.text).slice(0, 2)).toEqual([
      'step 0 of a long story',
      'step 141 of a long story',
    ]);
  });

  it('keeps the budget with a hundred and fifty services and a bad week', () => {
    const past = Array.from({ length: 20 }, (_, i) => ({ at: AT - i, code: 'held', text: 'x'.repeat(150) }));
    const recent = Array.from(
      { length: 5 },
      (_, i) => ({ check: 'x:http', at: AT - i, status: 'ok', message: 'answers' }) as const,
    );
    const targets = Array.from({ length: 150 }, (_, i) => service(AT, `service-${i}`, { rulings: past, recent }));
    const incidents = Array.from({ length: 50 }, (_, i) => incident(AT, { id: `${i}`, steps: steps(200) }));
    const fitted = fitForFiles({ ...calm(AT), targets, incidents });
    expect(fitted.targets).toHaveLength(150);
    expect(fitted.targets[0]).not.toHaveProperty('recent');
    expect(fitForFiles({ ...calm(AT), targets: targets.slice(0, 15) }).targets[0]?.recent).toEqual(recent);
    expect(Buffer.byteLength(renderDataFile(fitted))).toBeLessThanOrEqual(DATA_BUDGET);
  });
});
