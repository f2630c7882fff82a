import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { zoneName } from '../../src/host/zone.ts';

const ofIntl = Intl.DateTimeFormat().resolvedOptions().timeZone;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jarvis-health-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A zone as /etc/localtime names it. */
function linked(target: string): string {
  const path = join(folder, 'localtime');
  symlinkSync(target, path);
  return path;
}

describe('the name of the host’s zone', () => {
  test('is what Intl calls it', () => {
    expect(zoneName()).toBe(ofIntl);
  });

  test('is where /etc/localtime leads', () => {
    expect(zoneName({}, linked('/usr/share/zoneinfo/Europe/Berlin'))).toBe('Europe/Berlin');
  });

  test('is read from a relative link too', () => {
    expect(zoneName({}, linked('../usr/share/zoneinfo/posix/America/Argentina/Salta'))).toBe('America/Argentina/Salta');
  });

  test.each(['Etc/UTC', 'UTC', 'GMT', 'Etc/GMT'])('is UTC for %s, as in Intl', (name) => {
    expect(zoneName({}, linked(`/usr/share/zoneinfo/${name}`))).toBe('UTC');
  });

  test.each(['Asia/Tokyo', ':Asia/Tokyo'])('is what TZ=%s says before anything else', (tz) => {
    expect(zoneName({ TZ: tz }, linked('/usr/share/zoneinfo/Europe/Berlin'))).toBe('Asia/Tokyo');
  });

  test.each(['CET-1CEST', 'Nowhere/Else', '', '../etc/passwd'])('is left to Intl when TZ is %j', (tz) => {
    expect(zoneName({ TZ: tz }, linked('/usr/share/zoneinfo/Europe/Berlin'))).toBe(ofIntl);
  });

  test('is left to Intl when /etc/localtime is a copy, or is not there', () => {
    const copy = join(folder, 'copy');
    writeFileSync(copy, 'TZif2');
    expect([zoneName({}, copy), zoneName({}, join(folder, 'none'))]).toEqual([ofIntl, ofIntl]);
  });
});
