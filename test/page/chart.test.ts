import { describe, expect, it } from 'vitest';
import { type Frame, linesOf, type Point, thin, xOf, yOf } from '../../dashboard/chart/geometry.ts';
import { ceilingOf, nearest } from '../../dashboard/chart/plot.ts';
import { medianOf, withNow } from '../../dashboard/chart/series.ts';
import { reach } from '../../dashboard/measure.ts';
import { plotAround, replyPlot } from '../../dashboard/reply-plot.ts';
import { tellingReply } from '../../dashboard/reply-vital.ts';
import { cpuVital, vitalOf } from '../../dashboard/vital.ts';
import { cardsOf } from '../../dashboard/vital-cards.ts';
import { vitalPlot } from '../../dashboard/vital-plot.ts';
import type { HistoryView } from '../../src/core/history-view.ts';
import type { TargetView } from '../../src/core/snapshot.ts';
import { calmSample, incidentPast, incidentSample, samplePast } from './sample.ts';
import { check, D, disk, H, logs, MIN, memory } from './targets.ts';

const AT = Date.UTC(2026, 10, 21, 13, 4, 24);
const frame: Frame = { from: 0, to: 100, ceiling: 50, width: 200, height: 100 };
const points = (...values: readonly (number | null)[]): readonly Point[] =>
  values.map((value, i) => ({ at: 10 * i, value }));

describe('a line over time', () => {
  it('leaves a gap a gap, and draws a value alone for the time it stands for', () => {
    const { line, area } = linesOf(points(0, 50, null, 25, null), frame, 10);
    expect(line).toBe('M0 100L0 100L20 0L30 0M50 50L60 50L70 50');
    expect(area.match(/z/g)).toHaveLength(2);
  });

  it('stays inside its box whatever it is given', () => {
    expect([xOf(-5, frame), xOf(500, frame), yOf(-5, frame), yOf(500, frame)]).toEqual([0, 200, 100, 0]);
    expect(xOf(1, { ...frame, to: 0 })).toBe(200);
    expect(yOf(1, { ...frame, ceiling: 0 })).toBe(100);
  });

  it('keeps spikes and gaps when it is thinned', () => {
    const many = points(...Array.from({ length: 5000 }, (_, i) => (i === 3000 ? 999 : i === 4000 ? null : 10)));
    const few = thin(many);
    expect(few.length).toBeLessThanOrEqual(400);
    expect(few.some(({ value }) => value === 999)).toBe(true);
    expect(few.some(({ value }) => value === null)).toBe(true);
    expect(few.map(({ at }) => at)).toEqual(few.map(({ at }) => at).toSorted((a, b) => a - b));
  });

  it('ends in the value of now, without a bridge over time that nobody recorded', () => {
    expect(withNow(points(1, 2), 10, 25, 3)).toEqual([...points(1, 2), { at: 25, value: 3 }]);
    expect(withNow(points(1, 2), 10, 90, 3).map(({ value }) => value)).toEqual([1, 2, null, 3]);
    expect(withNow(points(1, 2), 10, 25, undefined)).toEqual(points(1, 2));
  });

  it('has air above the highest value, or above what it is out of', () => {
    expect([ceilingOf(points(4, 8, null), undefined), ceilingOf(points(40), 100), ceilingOf([], undefined)]).toEqual([
      10, 108, 1,
    ]);
  });

  it('is read at the nearest value', () => {
    const target = calmSample(AT).targets.find(({ id }) => id === 'model-api');
    const past = samplePast(AT).targets.find(({ id }) => id === 'model-api');
    const plot = target && replyPlot(target, past, calmSample(AT));
    if (plot === undefined) throw new Error('no plot');
    expect([nearest(plot, 0), nearest(plot, 1)]).toEqual([0, plot.points.length - 1]);
    expect(plot.points.at(-1)).toEqual({ at: AT, value: 412 });
  });

  it('knows how far back it goes', () => {
    expect([40 * MIN, 23.8 * H, 13.8 * D].map(reach)).toEqual(['40 min', '24 h', '14 d']);
  });
});

describe('the replies of a service', () => {
  it('are shaded while it was down, up to the end of what is drawn', () => {
    const snapshot = incidentSample(AT);
    const target = snapshot.targets.find(({ id }) => id === 'message-gateway');
    const past = samplePast(AT).targets.find(({ id }) => id === 'message-gateway');
    const plot = target && replyPlot(target, past, snapshot, { from: AT - H });
    expect(plot?.outages).toEqual([{ from: AT - 134_000, to: AT }]);
  });

  it('are drawn by the minute around the beginning of an incident, where the record has them', () => {
    const snapshot = incidentSample(AT);
    const target = snapshot.targets.find(({ id }) => id === 'message-gateway');
    const [incident] = snapshot.incidents;
    if (target === undefined || incident === undefined) throw new Error('no incident');
    const around = (past: HistoryView, start = incident.start) =>
      plotAround(
        { ...incident, start },
        target,
        past.targets.find(({ id }) => id === target.id),
        snapshot,
      );
    const fine = around(incidentPast(AT));
    expect(fine).toMatchObject({ stepMs: MIN, from: Date.UTC(2026, 10, 21, 12, 33), to: AT });
    expect(fine?.points.filter(({ value }) => value !== null)).toHaveLength(29);
    // Of an incident of hours ago the beginning is drawn, not all of it.
    const early = incidentPast(AT - 5 * H);
    expect(around(early, incident.start - 5 * H)).toMatchObject({ to: Date.UTC(2026, 10, 21, 8, 33) });
    // What is recorded around another incident is not of this one.
    expect(around(incidentPast(AT - 1.5 * H))).toMatchObject({ stepMs: 15 * MIN });
    expect(around(samplePast(AT - 9 * D))).toBeUndefined();
  });

  it("of the gateway stand there instead, and take the logs' place while these are well", () => {
    const whole = calmSample(AT);
    const gateway = check(AT, 'message-gateway:gateway', { message: 'answers in 64 ms' });
    const targets = whole.targets.map((one) => (one.id === 'message-gateway' ? { ...one, checks: [gateway] } : one));
    const labels = (own: readonly TargetView[]): readonly string[] =>
      cardsOf({ ...whole, targets: own }, samplePast(AT), false).map(({ vital }) => vital.label);
    expect(labels([...targets, logs(AT)])).toEqual(['Disk', 'Memory', 'CPU', 'message-gateway']);
    expect(labels([...targets, { ...logs(AT), state: 'slow' }])).toEqual(['Disk', 'Memory', 'CPU', 'Logs']);
    expect(labels([...whole.targets, logs(AT)])).toEqual(['Disk', 'Memory', 'CPU', 'Logs']);
    expect(labels(whole.targets)).toEqual(['Disk', 'Memory', 'CPU', 'model-api']);
  });

  it('of the slowest one stand beside the host, as the middle of an hour', () => {
    const slowest = tellingReply(calmSample(AT), samplePast(AT));
    expect(slowest?.vital.label).toBe('model-api');
    expect(slowest?.vital.value).toMatch(/^(3|4)\d\d ms$/);
    expect(tellingReply(calmSample(AT), undefined)).toBeUndefined();
    expect([medianOf([]), medianOf([3]), medianOf([9, 1, 5]), medianOf([1, 9])]).toEqual([undefined, 3, 5, 5]);
  });
});

describe('a figure of the host with its past', () => {
  it('says a share and the size it is', () => {
    const vital = vitalOf(memory(AT), false, 9.4e9);
    expect(vital.note).toBe('peak today 9.4 GB');
    const plot = vital.line && vitalPlot(vital.line, samplePast(AT), AT);
    expect(plot?.limit).toEqual({ value: 100, word: '16 GB' });
    expect(plot?.say(38.1)).toBe('38%, 6.1 GB');
    expect(plot?.points.at(-1)).toEqual({ at: AT, value: 38.1 });
    expect(vital.line && vitalPlot(vital.line, undefined, AT)).toBeUndefined();
  });

  it('names what a disk keeps for root where it is much, and what is not believed yet', () => {
    const seen = (over: Readonly<Record<string, number>>, soft = false) => {
      const target = disk(AT);
      const checks = target.checks.map((one) => ({ ...one, metrics: { ...one.metrics, ...over } }));
      return vitalOf({ ...target, soft, checks }, false).note;
    };
    expect(seen({ reservedBytes: 10e9 })).toBe('60.6 GB free');
    expect(seen({ reservedBytes: 32e9 })).toBe('60.6 GB free, 32 GB reserved');
    expect(seen({}, true)).toBe('149 of 210 GB used on / (71%)');
  });

  it('shows the processor, or that there is no data yet', () => {
    expect(cpuVital(calmSample(AT).vitals, false)).toMatchObject({
      value: '12%',
      of: 'of 8 cores',
      note: 'load 0.9, 51 °C',
    });
    expect(cpuVital({ cpu: { busyPercent: 12, cores: 1, load1: 0 } }, true)).toMatchObject({
      of: 'of 1 core',
      note: 'load was 0.0',
    });
    expect(cpuVital(undefined, false)).toMatchObject({ value: '–', note: 'no data yet' });
    const { line } = cpuVital(calmSample(AT).vitals, false);
    const plot = line && vitalPlot(line, samplePast(AT), AT);
    expect(plot).toMatchObject({ label: 'CPU busy, last 24 h', limit: { value: 100, word: '100%' } });
    expect(plot?.points.at(-1)).toEqual({ at: AT, value: 12.2 });
  });
});
