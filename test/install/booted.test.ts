import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { assertBooted, unbootedNote } from '../../src/cli/install-linger.ts';
import { placeOf } from '../../src/install/place.ts';

const place = (platform: 'linux' | 'darwin') =>
  placeOf({ platform, uid: 1000, homeFolder: '/home/ada', scope: 'user' });

it('install asks nothing where no systemd could obey', () => {
  expect(() => assertBooted(place('linux'), false)).toThrow('systemd does not run this host');
  expect(() => assertBooted(place('linux'), true)).not.toThrow();
  expect(() => assertBooted(place('darwin'), false)).not.toThrow();
});

it('and its rehearsal says so', () => {
  const runs = existsSync('/run/systemd/system');
  expect(unbootedNote(place('linux'))).toHaveLength(runs ? 0 : 1);
  expect(unbootedNote(place('darwin'))).toEqual([]);
});
