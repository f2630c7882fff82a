import { isDeepStrictEqual } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { HostIntl } from '../../scripts/host-intl.ts';

const before = process.env['TZ'];
afterEach(() => {
  if (before === undefined) delete process.env['TZ'];
  else process.env['TZ'] = before;
});

/** As node-cron asks: what the clock shows, and how far it is from GMT. */
const CLOCK: Intl.DateTimeFormatOptions = {
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  weekday: 'short',
  hour12: false,
};
const OFFSET: Intl.DateTimeFormatOptions = { timeZoneName: 'shortOffset' };

type Ask = { formatToParts(date: Date): Intl.DateTimeFormatPart[] };

const ask = (options: Intl.DateTimeFormatOptions): Ask =>
  Reflect.construct(HostIntl.DateTimeFormat, ['en-US', options]);

/** The answer by name. Midnight may be hour 24 and GMT may be GMT+0, by Node's version: node-cron takes them as one. */
function answer(of: Ask, date: Date): Partial<Record<Intl.DateTimeFormatPartTypes, string>> {
  const parts = of.formatToParts(date).filter(({ type }) => type !== 'literal');
  return Object.fromEntries(
    parts.map(({ type, value }) => [
      type,
      type === 'hour' ? value.replace('24', '00') : value.replace(/^GMT\+0$/, 'GMT'),
    ]),
  );
}

describe('the Intl of the bundled node-cron', () => {
  test.each(['UTC', 'Europe/Berlin', 'America/St_Johns', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Pacific/Apia'])(
    'shows on the host’s clock in %s what Intl shows',
    (timeZone) => {
      process.env['TZ'] = timeZone;
      const asked = (options: Intl.DateTimeFormatOptions) => ({
        ours: ask({ ...options, timeZone }),
        theirs: new Intl.DateTimeFormat('en-US', { ...options, timeZone }),
      });
      const [clock, offset] = [asked(CLOCK), asked(OFFSET)];
      const wrong: unknown[] = [];
      // Every 11 hours and a second through a year meets midnights and both changes of the clocks.
      for (let at = Date.UTC(2026, 0, 1); at < Date.UTC(2027, 0, 1); at += 39_601_000) {
        const date = new Date(at);
        const own = { ...answer(clock.ours, date), timeZoneName: answer(offset.ours, date).timeZoneName };
        const expected = { ...answer(clock.theirs, date), timeZoneName: answer(offset.theirs, date).timeZoneName };
        if (!isDeepStrictEqual(own, expected)) wrong.push({ at, own, expected });
      }
      expect(wrong).toEqual([]);
    },
  );

  test('leaves another zone to Intl', () => {
    process.env['TZ'] = 'Europe/Berlin';
    const tokyo = ask({ ...CLOCK, timeZone: 'Asia/Tokyo' });
    expect(answer(tokyo, new Date(Date.UTC(2026, 0, 1))).hour).toBe('09');
  });
});
