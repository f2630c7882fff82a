import { describe, expect, it } from 'vitest';
import { readHistory } from '../../dashboard/read-history.ts';
import { past } from './past.ts';
import { samplePast } from './sample.ts';

const AT = Date.UTC(2026, 10, 21, 13, 4, 24);
const around = { check: 'hub:http', unit: 'ms', t0: AT, stepMs: 60_000, values: [1, null] } as const;
const pastAround = { ...past(AT), targets: past(AT).targets.map((one) => ({ ...one, around })) };

describe('reading a history', () => {
  it('takes what went through the files unchanged', () => {
    for (const history of [
      past(AT),
      samplePast(AT),
      pastAround,
      { ...samplePast(AT), leftOut: 'series', targets: [] },
    ]) {
      expect(readHistory(JSON.parse(JSON.stringify(history)))).toEqual(history);
    }
  });

  it('cleans the names in it', () => {
    const [first] = samplePast(AT).targets;
    const read = readHistory({ ...samplePast(AT), targets: [{ ...first, id: 'hub\u001b[31m\u202e' }] });
    expect(read?.targets[0]?.id).toBe('hub');
  });

  it('refuses everything else', () => {
    const good = samplePast(AT);
    const [target] = good.targets;
    const [series] = target?.series ?? [];
    for (const raw of [
      undefined,
      null,
      '{{history}}',
      [],
      {},
      { ...good, schema: 2 },
      { ...good, writtenAt: null },
      { ...good, ribbon: { from: 0, slotMs: 0, states: '' } },
      { ...good, ribbon: { from: 0, slotMs: 900_000, states: 'o'.repeat(5000) } },
      { ...good, targets: {} },
      { ...good, targets: [null] },
      { ...good, targets: [{ ...target, uptime: { day: {}, month: {}, quarter: {} } }] },
      { ...good, targets: [{ ...target, series: [{ ...series, stepMs: -1 }] }] },
      { ...good, targets: [{ ...target, series: [{ ...series, values: ['<b>'] }] }] },
      { ...good, targets: [{ ...target, around: { ...around, values: ['<b>'] } }] },
    ]) {
      expect(readHistory(raw), JSON.stringify(raw)?.slice(0, 80)).toBeUndefined();
    }
  });
});
