import { describe, expect, test } from 'vitest';
import { byAge, parseArchiveName } from '../../src/core/archive-name.ts';
import { differingLines } from '../../src/core/differing-lines.ts';
import { doubtOf, levelsOf } from '../../src/core/doubt.ts';
import { type Owner, type OwnerSight, sameOwner, startLine } from '../../src/core/owner.ts';
import { assessProcess } from '../../src/core/process-sight.ts';
import { readUnitName } from '../../src/core/unit-name.ts';
import { sayUptime } from '../../src/core/uptime.ts';
import { freshCheck } from '../../src/core/verdict.ts';
import { sayOutcome, sayProof, sayStep } from '../../src/core/words.ts';
import { check, ONCE } from '../helpers/plans.ts';

test('archives are put newest first: by their time, and those of one second by their number', () => {
  const names = ['20260301T120000Z-1', '20260302T120000Z-1', '20260301T120000Z-3', '20260228T120000Z-9'];
  const archives = names.flatMap((name) => parseArchiveName(`app.log.${name}`) ?? []);
  expect(archives.toSorted(byAge).map(({ time, seq }) => `${time}-${seq}`)).toEqual([
    '20260302T120000Z-1',
    '20260301T120000Z-3',
    '20260301T120000Z-1',
    '20260228T120000Z-9',
  ]);
});

test('a changed line counts once, a new one and a lost one as one each, and the order counts for nothing', () => {
  expect(differingLines('a\nb', 'b\na')).toBe(0);
  expect(differingLines('a\nb', 'a\nc')).toBe(1);
  expect(differingLines('a', 'a\nb\nc')).toBe(2);
  expect(differingLines('a\nb\nc', 'a')).toBe(2);
  expect(differingLines('a\na', 'a')).toBe(1);
});

describe('why failed looks are not believed yet', () => {
  const plan = check('web:http', 'web', 'http', { hungAfterMs: 60_000 });
  const fresh = freshCheck({ at: 0, steady: 0 });

  test('is that silence has not lasted, only where there is silence', () => {
    expect(doubtOf({ ...fresh, strikes: 3 }, plan)).toBe('3 failed looks');
    const silent = { ...fresh, strikes: 3, silentSince: { at: 0, steady: 0 } };
    expect(doubtOf(silent, plan)).toBe('3 failed looks; silence must last 1 min');
  });

  test('limits are read only from options that have both as numbers', () => {
    const levels = { warningPercent: 80, criticalPercent: 90 };
    expect(levelsOf({ ...levels, path: '/' })).toEqual(levels);
    for (const other of [undefined, null, 'text', {}, { warningPercent: 80 }]) expect(levelsOf(other)).toBeUndefined();
    expect(levelsOf({ ...levels, warningPercent: '80' })).toBeUndefined();
    expect(levelsOf({ ...levels, criticalPercent: '90' })).toBeUndefined();
  });
});

const unit: Owner = { kind: 'systemd', scope: 'user', unit: 'hub.service' };
const job: Owner = { kind: 'launchd', domain: 'gui/501', label: 'ai.hub' };
const box: Owner = { kind: 'container', engine: 'docker', name: 'hub', id: 'c0ffee' };

test.each<[Owner, string]>([
  [unit, 'systemctl --user start hub.service'],
  [{ ...unit, scope: 'system' }, 'systemctl start hub.service'],
  [{ kind: 'pm2', name: 'hub' }, 'pm2 restart hub'],
  [box, 'docker start hub'],
])('what a person types to have %j start it', (owner, line) => {
  expect(startLine(owner)).toBe(line);
});

test('a job is started by the name that its own domain knows it by', () => {
  expect(startLine(job)).toContain('gui/501/ai.hub');
});

test('owners are told apart by kind, by name, and by where they are', () => {
  expect(sameOwner(unit, { kind: 'pm2', name: 'hub.service' })).toBe(false);
  expect(sameOwner(unit, { ...unit, unit: 'web.service' })).toBe(false);
  expect(sameOwner(job, { ...job })).toBe(true);
  expect(sameOwner(job, { ...job, domain: 'user/501' })).toBe(false);
  expect(sameOwner(box, { ...box })).toBe(true);
  expect(sameOwner(box, { ...box, id: 'beef' })).toBe(false);
  expect(sameOwner({ ...box, id: undefined }, { ...box, id: undefined })).toBe(true);
  expect(sameOwner({ ...box, id: undefined }, box)).toBe(false);
});

test('the label of a job is read, and what cannot be one is refused', () => {
  expect(readUnitName('launchd:ai.example.hub')).toEqual({ kind: 'launchd', label: 'ai.example.hub' });
  expect(readUnitName('launchd:ai/hub')).toContain('the label of a job');
});

describe('what a look at a process says', () => {
  const owner: OwnerSight = {
    state: 'stopped',
    mainPid: undefined,
    restartsItself: false,
    actsWithinMs: undefined,
    stoppedByPerson: false,
    startLimitHit: false,
    exitCode: undefined,
    signal: undefined,
    startTimeoutMs: undefined,
    stopTimeoutMs: undefined,
    says: 'hub.service is not running',
  };
  const down = (over: Partial<OwnerSight>, wasTracked: boolean) =>
    assessProcess({ kind: 'down', wasTracked, owner: { ...owner, ...over } }, undefined);

  test('its owner is believed that it runs where its process cannot be seen', () => {
    expect(assessProcess({ kind: 'runs', says: 'hub runs' }, undefined)).toEqual({
      status: 'ok',
      reason: 'fine',
      message: 'hub runs',
    });
  });

  test('it is certainly gone when it ran before our eyes or its owner calls it failed, and else only absent', () => {
    const said = { status: 'critical', message: 'hub.service is not running' };
    expect(down({}, true)).toEqual({ ...said, evidence: 'definite', reason: 'gone' });
    expect(down({ state: 'failed' }, false)).toEqual({ ...said, evidence: 'definite', reason: 'gone' });
    expect(down({}, false)).toEqual({ ...said, evidence: 'suspect', reason: 'absent' });
  });

  test('who holds its port is named, or said to be of another user', () => {
    const held = (holder: string | undefined) =>
      assessProcess({ kind: 'foreign', wasTracked: false, holder }, 8080).message;
    expect(held('nginx (7)')).toBe('port 8080 is held by nginx (7), which is not this service');
    expect(held(undefined)).toBe('port 8080 is held by a process of another user, which is not this service');
  });
});

test('an uptime of nothing known is a dash, and not a hundred percent', () => {
  expect(sayUptime({ downMs: 0, knownMs: 0 })).toBe('–');
  expect(sayUptime({ downMs: 0, knownMs: Number.NaN })).toBe('–');
  expect(sayUptime({ downMs: 0, knownMs: 5 })).toBe('100%');
});

describe('words', () => {
  test('a step says for which classes it is', () => {
    const step = { action: 'restart-service', options: {}, timeoutMs: 1, recovers: true, ...ONCE };
    expect(sayStep({ ...step, when: ['hung', 'not-running'] })).toBe('restart it (when hung or not running)');
    expect(sayStep(step)).toBe('restart it');
  });

  test('a proof says how many looks, of what, and how far apart', () => {
    expect(sayProof({ goods: 1, checks: ['a:http', 'a:tcp'] }, 'service')).toBe('one good look of a:http and a:tcp');
    expect(sayProof({ goods: 2, everyMs: 2_000 }, 'service')).toBe('2 good looks of all its checks, 2 s apart');
    expect(sayProof({}, 'disk')).toBe('good looks of it');
  });

  test('an outcome of a later version is said as it is written', () => {
    expect(sayOutcome('not-recovered')).toBe('did not help');
    expect(sayOutcome('postponed')).toBe('postponed');
    expect(sayOutcome(undefined)).toBe('under way');
  });
});
