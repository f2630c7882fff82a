import { describe, expect, it } from 'vitest';
import { placeOf } from '../../src/install/place.ts';
import { type InstallPlan, planInstall, planUninstall } from '../../src/install/plan-install.ts';
import { type Sight, unitState } from '../../src/install/sight.ts';
import { sayStep } from '../../src/install/steps.ts';

const place = placeOf({ platform: 'linux', scope: 'user', uid: 1000, homeFolder: '/home/ada' });
const file = '/home/ada/.config/systemd/user/jarvis-health.service';
const nothing: Sight = { text: undefined, command: undefined, ...unitState(true, 'ActiveState=inactive\n') };
const running: Sight = {
  ...nothing,
  text: 'new',
  ...unitState(true, 'ActiveState=active\nUnitFileState=enabled\nMainPID=7\nWatchdogUSec=1min\nNRestarts=2\n'),
};

const words = (steps: ReturnType<typeof planInstall>): readonly string[] =>
  steps.map((step) => sayStep(step, false).replace('run systemctl --user --no-ask-password ', ''));
const plan = (sight: Sight, more: Partial<InstallPlan> = {}): readonly string[] =>
  words(
    planInstall({
      place,
      sight,
      text: 'new',
      daemonBeside: false,
      otherVersion: false,
      missing: { folders: [], user: 'ada' },
      ...more,
    }),
  );

const start = 'start jarvis-health.service';
const restart = 'restart jarvis-health.service';

describe('what an installation does', () => {
  it.each([
    ['nothing is there', nothing, {}, [`write ${file}`, 'daemon-reload', 'enable jarvis-health.service', start]],
    ['all is as it should be', running, {}, []],
    ['the file has changed', { ...running, text: 'old' }, {}, [`write ${file}`, 'daemon-reload', restart]],
    ['the file is right and not loaded', { ...running, stale: true }, {}, ['daemon-reload']],
    ['it was stopped', { ...running, active: false }, {}, [start]],
    ['it was disabled', { ...running, atBoot: false }, {}, ['enable jarvis-health.service']],
    ['the program was updated', running, { otherVersion: true }, [restart]],
    [
      'a daemon runs without it',
      { ...running, active: false },
      { daemonBeside: true },
      ['stop the daemon that runs without a unit', start],
    ],
    [
      'the unit waits for the lock of a daemon beside it',
      running,
      { daemonBeside: true },
      ['stop the daemon that runs without a unit', restart],
    ],
  ] satisfies [string, Sight, Partial<InstallPlan>, string[]][])('when %s', (_, sight, more, expected) => {
    expect(plan(sight, more)).toEqual(expected);
  });

  it('on a host without it is undone by nothing', () => {
    expect(planUninstall(place, nothing)).toEqual([]);
  });

  it('is undone when it failed last', () => {
    const failed = { ...running, ...unitState(true, 'ActiveState=failed\nUnitFileState=enabled\n') };
    expect(words(planUninstall(place, failed))).toEqual([
      'disable jarvis-health.service',
      `remove ${file}`,
      'daemon-reload',
      'reset-failed jarvis-health.service',
    ]);
  });
});

describe('what systemctl shows', () => {
  it('is read with its units of time', () => {
    expect(running).toMatchObject({ active: true, atBoot: true, mainPid: 7, watchdogMs: 60_000, restarts: 2 });
    expect(unitState(true, 'WatchdogUSec=1min 30s\n').watchdogMs).toBe(90_000);
    expect(unitState(true, 'WatchdogUSec=0\n').watchdogMs).toBeUndefined();
    expect(unitState(true, 'ActiveState=activating\n')).toMatchObject({ active: true, failed: false });
    expect(unitState(false, '')).toMatchObject({ answers: false, active: false, atBoot: false });
  });
});
