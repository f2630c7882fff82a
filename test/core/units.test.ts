import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  parseDuration,
  parsePercent,
  parseSize,
  sayDuration,
  sayPercent,
  sayReply,
  sayShare,
  saySize,
  writeDuration,
  writePercent,
  writeSize,
} from '../../src/core/units.ts';

const because = (parsed: { ok: boolean; because?: string }) => parsed.because;

describe('what people write', () => {
  it.each([
    ['500ms', 500],
    ['30s', 30_000],
    ['5m', 300_000],
    ['1h', 3_600_000],
    ['7d', 604_800_000],
    ['1.5h', 5_400_000],
    ['1h30m', 5_400_000],
    ['0s', 0],
  ])('reads the duration %s', (text, ms) => expect(parseDuration(text)).toEqual({ ok: true, value: ms }));

  it.each([
    ['100MB', 100_000_000],
    ['1.5GiB', 1_610_612_736],
    ['512B', 512],
    ['64 kB', 64_000],
    ['10KiB', 10_240],
  ])('reads the size %s', (text, bytes) => expect(parseSize(text)).toEqual({ ok: true, value: bytes }));

  it('reads percentages', () => {
    expect(parsePercent('90%')).toEqual({ ok: true, value: 90 });
    expect(parsePercent('92.5%')).toEqual({ ok: true, value: 92.5 });
  });

  it('refuses a number without a unit and offers the likely one', () => {
    expect(because(parseDuration('30'))).toBe(
      'is 30 without a unit, a duration like 500ms, 30s, 5m, 1h or 7d is needed; did you mean 30s?',
    );
    expect(because(parseSize('100'))).toContain('did you mean 100MB?');
    expect(because(parsePercent('80'))).toContain('did you mean 80%?');
    expect(because(parsePercent('900'))).toBe('is 900 without a unit, a percentage like 90% is needed');
  });

  it.each(['', ' ', '5 minutes', '-5m', '1e3s', 'NaN', 'Infinity', '5M', '٣s', '5m\n5'])(
    'refuses %j as a duration',
    (text) => expect(parseDuration(text).ok).toBe(false),
  );

  it('refuses what is too large to count', () => {
    expect(parseDuration(`${'9'.repeat(30)}d`).ok).toBe(false);
    expect(parseSize(`${'9'.repeat(400)}TB`).ok).toBe(false);
  });

  it('writes durations, sizes and percentages in the form it reads, exactly', () => {
    fc.assert(
      fc.property(fc.nat({ max: Number.MAX_SAFE_INTEGER }), (value) => {
        expect(parseDuration(writeDuration(value))).toEqual({ ok: true, value });
        expect(parseSize(writeSize(value))).toEqual({ ok: true, value });
      }),
    );
    expect(writeDuration(5_400_000)).toBe('90m');
    expect(writeDuration(300_000)).toBe('5m');
    expect(writeSize(100_000_000)).toBe('100MB');
    expect(writePercent(92.5)).toBe('92.5%');
  });
});

describe('what people read', () => {
  it.each([
    [250, '250 ms'],
    [8_400, '8 s'],
    [60_000, '1 min'],
    [134_000, '2 min 14 s'],
    [3_900_000, '1 h 5 min'],
    [273_600_000, '3 d 4 h'],
  ])('says %i ms as %s', (ms, text) => expect(sayDuration(ms)).toBe(text));

  it.each([
    [0, '0 B'],
    [512, '512 B'],
    [6_123_000_000, '6.1 GB'],
    [149_400_000_000, '149 GB'],
    [41_500_000, '41.5 MB'],
    [16_000_000_000, '16 GB'],
    [999_960_000, '1 GB'],
  ])('says %i bytes as %s', (bytes, text) => expect(saySize(bytes)).toBe(text));

  it('says shares with one unit, replies in ms and then s, and whole percentages', () => {
    expect(sayShare(149e9, 210e9)).toBe('149 of 210 GB');
    expect(sayReply(412.3)).toBe('412 ms');
    expect(sayReply(1234)).toBe('1.2 s');
    expect(sayReply(999.7)).toBe('1.0 s');
    expect([sayPercent(71.4), sayPercent(99.7), sayPercent(0.2), sayPercent(100), sayPercent(0)]).toEqual([
      '71%',
      '99%',
      '1%',
      '100%',
      '0%',
    ]);
  });

  it('never needs more than three figures', () => {
    fc.assert(
      fc.property(fc.nat({ max: 999_000_000_000_000 }), (bytes) => {
        expect(saySize(bytes).replace(/\D/g, '').length).toBeLessThanOrEqual(3);
      }),
    );
  });
});
