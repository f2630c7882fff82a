import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openHome } from '../../src/store/home.ts';
import { openStore } from '../../src/store/store.ts';
import { NOON, sampleAlert } from '../store/samples.ts';
import { scratch } from '../store/scratch.ts';
import { run } from './run.ts';

let person = '';
let home = '';

/** What a daemon leaves that showed its alerts in a file of the person. */
beforeEach(async () => {
  person = scratch();
  home = join(person, 'jarvis');
  vi.stubEnv('HOME', person);
  const store = await openStore({
    home: openHome(home),
    clockNow: () => NOON,
    pendingFile: shownIn(),
    reserveBytes: 0,
  });
  await store.alerts.add(sampleAlert('a1'));
  await store.close();
});
afterEach(() => vi.unstubAllEnvs());

const shownIn = () => join(person, 'pending.json');
const shown = () => JSON.parse(readFileSync(shownIn(), 'utf8')).alerts;

it.each([
  ['named from the home folder of the person', 'alerts: { pendingFile: ~/pending.json }\n'],
  ['where it was shown last, when the config is wrong', 'alerts: [\n'],
])('an alert that is taken without a daemon leaves the file: %s', async (_, config) => {
  writeFileSync(join(home, 'config.yaml'), config, { mode: 0o600 });
  expect(shown()).toHaveLength(1);
  expect((await run('--home', home, 'alerts', 'take')).code).toBe(0);
  expect(shown()).toEqual([]);
  expect(existsSync(join(home, '~'))).toBe(false);
  expect(existsSync(join(home, 'alert-pending.json'))).toBe(false);
});
