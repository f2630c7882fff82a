import { describe, expect, it } from 'vitest';
import type { Snapshot, TargetView } from '../../src/core/snapshot.ts';
import { renderAlerts } from '../../src/text/alerts.ts';
import { renderExplanation } from '../../src/text/explain.ts';
import { renderHealthText } from '../../src/text/health-text.ts';
import { incidentStory, incidentTable } from '../../src/text/incidents.ts';
import { parseLogLine, renderLogEntry } from '../../src/text/log-line.ts';
import { type Paper, toAscii } from '../../src/text/paper.ts';
import { nagiosCode, renderResults } from '../../src/text/results.ts';
import { renderStatus } from '../../src/text/status.ts';
import { displayWidth } from '../../src/text/width.ts';
import { anAlert, anIncident, aTarget, broken, calm, empty, HOSTILE, hostile, NOW } from './samples.ts';

const paper: Paper = { width: 80, color: false, unicode: true, nowMs: NOW };
const look = { all: false, absence: undefined };

describe('status', () => {
  it('begins with the verdict', () => {
    expect(renderStatus(calm(), look, paper)).toMatch(/^✔ Everything works\n {2}6 of 6 checks pass\.\n/);
  });

  it('tells of a broken host: state, cause, incident, next step, hold, silence, alerts, the daemon', () => {
    const text = renderStatus(broken(), look, paper);
    for (const words of [
      '✖ hub is down',
      '✖ down     hub      connection refused on 127.0.0.1:8080',
      '✖ process down: pid 812 does not exist any more',
      'a failed look, not confirmed yet',
      'http not sure yet (1 of 3 failed looks)',
      '▲ watch    disk',
      '? no data  memory',
      '      next: The last attempt is less than 5 min ago; next attempt at 13:20:02,\n      in 2 min 58 s.\n',
      'now: jarvis-health recover hub',
      '1 incident auto-fixed in the last 24 h (tracker); see: jarvis-health incidents',
      'tracker: upgrade of the database, until 13:37',
      'tracker: no alerts until 13:57',
      '1 alert pending',
      'Daemon 0.1.0, pid 4242, up 12 d, 61.3 MB of memory, acts on 3 of 3 services',
    ]) {
      expect(text).toContain(words);
    }
  });

  it('offers a recovery by hand at once only to who has not asked for one lately', () => {
    const whole = broken();
    const [hub = aTarget(), ...others] = whole.targets;
    const attempts = hub.attempts.map((attempt) => ({ ...attempt, manual: true }));
    const text = renderStatus({ ...whole, targets: [{ ...hub, attempts }, ...others] }, look, paper);
    expect(text).toContain('in 2 min 58 s.');
    expect(text).not.toContain('now: jarvis-health recover');
  });

  it('shows what is wrong before what is well, however the config orders them', () => {
    const whole = broken();
    const text = renderStatus({ ...whole, targets: whole.targets.toReversed() }, look, paper);
    expect(text.indexOf('✖ down     hub')).toBeLessThan(text.indexOf('✔ working  gateway'));
  });

  it('says the same thing once', () => {
    const whole = broken();
    const [target = aTarget()] = whole.targets;
    const [check] = target.checks;
    if (check === undefined) throw new Error('no check');
    const same = { ...target, detail: 'refused', checks: [{ ...check, soft: false, message: 'refused' }] };
    for (const all of [true, false]) {
      const text = renderStatus({ ...whole, targets: [same], incidents: [] }, { ...look, all }, paper);
      expect(text.slice(text.indexOf('state')).match(/refused/g)).toHaveLength(1);
    }
  });

  it('never calls the data of a dead daemon health', () => {
    const text = renderStatus(calm(), { all: true, absence: 'not running' }, { ...paper, nowMs: NOW + 47 * 60_000 });
    expect(text).toMatch(/^\? The health daemon is not running, data from 13:17 \(47 min 2 s ago\)\n/);
    expect(text).toContain('not how they are now');
    expect(text).toContain('Start it: jarvis-health start');
    expect(text).not.toContain('✔');
  });

  it('promises to act on nothing that nobody has agreed to', () => {
    const targets = broken().targets.map((target) => ({ ...target, plan: [], because: 'nobody agreed' }));
    expect(renderStatus({ ...broken(), targets }, look, paper)).toContain('acts on no service yet');
  });

  it('says who stopped it when it was stopped on purpose', () => {
    const whole = calm();
    const stopped: Snapshot = {
      ...whole,
      daemon: { ...whole.daemon, state: 'stopped', stoppedAt: NOW, reason: 'ada' },
    };
    expect(renderStatus(stopped, { all: false, absence: 'not running' }, paper)).toContain(
      'Stopped at 13:17 by ada. Nothing is being watched.',
    );
  });

  it('says that it acts on nothing without a config', () => {
    expect(renderStatus(empty(), look, paper)).toContain('acts on nothing');
  });

  it('uses colour only where it is wanted, and shapes without colour and without UTF-8', () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: looking for escapes
    expect(renderStatus(broken(), look, paper)).not.toMatch(/\x1b/);
    expect(renderStatus(broken(), look, { ...paper, color: true })).toContain('\x1b[31m✖ down');
    const ascii = toAscii(renderStatus(hostile(), { all: true, absence: undefined }, { ...paper, unicode: false }));
    expect(ascii).not.toMatch(/[^\n\x20-\x7e]/);
  });
});

describe('explain', () => {
  it('shows evidence with times, rulings, limits and what recovery would do', () => {
    const snapshot = broken();
    const text = renderExplanation(snapshot, snapshot.targets[0] ?? aTarget(), paper);
    for (const words of [
      '✖ hub: down for 2 min 14 s',
      'looked 13:17:00, took 12 ms\n',
      'Not now: 5 min between attempts. (until 13:20:02)',
      '1. Restart it\n',
      'Limit: 1 of 3 attempts used in the last hour.',
      'Next attempt not before 13:20:02 (in 2 min 58 s).',
      'At once, when its cause is mended: jarvis-health recover hub',
      'Comes after: gateway',
      'Its owner: nobody; its start command is used.',
    ]) {
      expect(text).toContain(words);
    }
  });
});

it('calls a check that nobody has looked at yet neither good nor bad', () => {
  const [check] = aTarget().checks;
  if (check === undefined) throw new Error('no check');
  const target = aTarget({ checks: [{ ...check, status: 'idle', at: undefined, message: '' }] });
  expect(renderStatus({ ...calm(), targets: [target] }, { ...look, all: true }, paper)).toContain(
    '    … http not looked yet\n',
  );
});

it('explains what was done last, what a gateway takes in memory, and what is left of its budget of unclean ends', () => {
  const tried = (at: number): TargetView['attempts'][number] => ({
    ...{ id: String(at), playbook: 'gateway-restart', at, endedAt: at + 5_000, manual: false },
    ...{ outcome: 'not-recovered', incident: '17' },
  });
  const target = aTarget({
    checks: aTarget().checks.map((check) => ({ ...check, metrics: { memoryBytes: 1_500_000_000, processes: 3 } })),
    attempts: [tried(NOW - 60_000), tried(NOW - 3_600_000)],
    limits: {
      ...aTarget().limits,
      uncleanEnds: { seen: 2, most: 2, windowMs: 600_000, until: NOW + 1_800_000 },
    },
  });
  const step = { at: NOW - 59_000, kind: 'did', text: 'asked docker to start hub' };
  const incident = anIncident({ steps: [step, { ...step, at: NOW - 3_600_000, text: 'long ago' }] });
  const text = renderExplanation({ ...calm(), incidents: [incident] }, target, paper);
  expect(text).toContain('uses 1.5 GB of memory in 3 processes');
  expect(text).toContain('Unclean ends: 2 of 2 within 10 min; left in peace until 13:47:04.');
  expect(text).toMatch(/did not help after 5 s\n {4}asked docker to start hub\n/);
  expect(text).not.toContain('long ago');
});

it('explains a host that nobody watches any more without a sign of health', () => {
  const text = renderExplanation(calm(), aTarget(), paper, true);
  expect(text).toMatch(/^\? hub: was working at 13:17\n/);
  expect(text).not.toContain('✔');
});

describe('nothing hostile reaches the terminal, and nothing is wider than it', () => {
  const narrow = [80, 60, 40].map((width) => ({ ...paper, width }));
  const pictures: readonly (readonly [string, (p: Paper, s: Snapshot) => string])[] = [
    ['status', (p, s) => renderStatus(s, { all: true, absence: undefined }, p)],
    ['status of the past', (p, s) => renderStatus(s, { all: true, absence: 'not running' }, p)],
    ['explain', (p, s) => s.targets.map((t) => renderExplanation(s, t, p)).join('')],
    [
      'incidents',
      (p, s) => [...incidentTable(s.incidents, p), ...s.incidents.flatMap((i) => incidentStory(i, p))].join('\n'),
    ],
    ['alerts', (p, s) => renderAlerts(s.alerts.pending, p)],
  ];
  it.each(pictures)('%s', (_, draw) => {
    for (const p of narrow) {
      for (const snapshot of [broken(), hostile(), hostile('很长'.repeat(200)), hostile('x'.repeat(500))]) {
        const text = draw(p, snapshot);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: looking for them
        expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2028]/);
        for (const line of text.split('\n')) expect(displayWidth(line), line).toBeLessThanOrEqual(p.width);
      }
    }
  });

  it('health.txt', () => {
    const text = renderHealthText(hostile(), NOW);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: looking for them
    expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2028]/);
    for (const line of text.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(80);
  });
});

describe('health.txt', () => {
  it('begins with its own age and carries the whole picture', () => {
    const text = renderHealthText(broken(), NOW);
    expect(text).toMatch(
      /^Written 17 Nov 2026 13:17:02 \(Europe\/Berlin\) on atlas\.\nIf that is more than 2 minutes ago/,
    );
    expect(text).toContain('x down     hub');
    expect(text).toContain('Listening here');
  });
});

describe('incidents', () => {
  it('lists outcome in the words of the page', () => {
    const text = incidentTable(broken().incidents, paper).join('\n');
    expect(text).toContain('Auto-fixed');
    expect(text).toContain('Open');
  });

  it('tells the story step by step with seconds, evidence and what comes next', () => {
    expect(incidentStory(anIncident(), paper).join('\n')).toContain(
      '13:14:50  ↻ Attempt 1 of 3: restart it\n            started python3 hub-api.py as pid 990',
    );
    expect(incidentStory(anIncident(), paper).slice(-2)).toEqual([
      '          ○ next: The last attempt is less than 5 min ago; next attempt at',
      '            13:20:02.',
    ]);
  });
});

it('an alert says what, since when, evidence, tried, next and what to do', () => {
  const text = renderAlerts([anAlert()], paper);
  for (const word of ['opened: hub is down', 'since', 'evidence', 'tried', 'next', 'do this', 'id al-3'])
    expect(text).toContain(word);
  expect(renderAlerts([], paper)).toBe('No alert is pending.\n');
});

describe('log lines', () => {
  it('are the fixed message with its fields beside it', () => {
    const entry = parseLogLine(
      JSON.stringify({
        level: 40,
        time: NOW,
        pid: 1,
        hostname: 'h',
        msg: 'action failed',
        target: 'my hub',
        code: 'EXEC',
        tookMs: 12,
      }),
    );
    expect(entry && renderLogEntry(entry, paper)).toBe(
      '13:17:04 WARN  action failed target="my hub" code=EXEC tookMs=12',
    );
  });

  it('say what was told of a target in the words of its story', () => {
    const fields = {
      event: 'detected',
      target: 'hub',
      incident: '3',
      text: 'hub stopped running',
      detail: 'pid 7 is gone',
    };
    const entry = parseLogLine(JSON.stringify({ level: 30, time: NOW, msg: 'told', ...fields }));
    expect(entry && renderLogEntry(entry, paper)).toBe('13:17:04 INFO  hub stopped running (pid 7 is gone) incident=3');
  });

  it('are harmless when hostile, and none when torn', () => {
    const entry = parseLogLine(JSON.stringify({ level: 30, time: NOW, msg: HOSTILE, [HOSTILE]: HOSTILE }));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: looking for them
    expect(entry && renderLogEntry(entry, paper)).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202e]/);
    expect(parseLogLine('{"level":30,"ti')).toBeUndefined();
    expect(parseLogLine('42')).toBeUndefined();
  });
});

describe('a single pass', () => {
  const result = {
    look: 1,
    target: 'hub',
    evidence: 'suspect' as const,
    reason: 'refused' as const,
    silent: true,
    metrics: {},
    at: NOW,
    steady: 0,
    tookMs: 3,
  };
  it('is a table with a first line that counts', () => {
    const lines = renderResults(
      [
        { ...result, check: 'hub:http', status: 'critical', message: 'refused' },
        { ...result, check: 'disk:/', target: 'disk', status: 'ok', message: '149 of 210 GB used (71%)' },
        { ...result, check: 'hub:process', status: 'idle', message: 'nothing to look at yet' },
      ],
      {},
      paper,
    );
    expect(lines[0]).toBe('1 of 2 checks good; 1 over a limit or down.');
    expect(lines.join('\n')).toContain('✖ down         hub:http');
  });

  it.each([
    [[], 0],
    [['ok', 'idle'], 0],
    [['ok', 'unknown'], 3],
    [['unknown', 'warning'], 1],
    [['critical', 'unknown', 'warning'], 2],
  ] as const)('%j exits with %i', (statuses, code) => {
    expect(nagiosCode(statuses)).toBe(code);
  });
});

describe('the class of a trouble', () => {
  const seen = {
    class: 'dependency-missing',
    evidence: ['It ended with exit status 1.', 'It last said: no such module'],
  } as const;
  const cause = seen.evidence.join(' ');

  it('is explained with its evidence, shown with its incident, and in a line of the picture', () => {
    const target = aTarget({ ...seen, state: 'down', incident: '17' });
    expect(renderExplanation({ ...broken(), targets: [target] }, target, paper)).toContain(
      'Class of its trouble\n  dependency-missing: something that it needs is not there\n    It ended with exit status 1.\n    It last said: no such module\n',
    );
    const incident = anIncident({ ...seen, cause });
    expect(incidentStory(incident, paper).slice(2, 4)).toEqual([
      'Class: dependency-missing, something that it needs is not there',
      `Cause: ${cause}`,
    ]);
    expect(renderHealthText({ ...broken(), incidents: [incident] }, NOW)).toContain(
      '      dependency-missing: It last said: no such module\n',
    );
  });

  it('is not spoken of where none is known', () => {
    const target = aTarget();
    expect(renderExplanation(calm(), target, paper)).not.toContain('Class of its trouble');
  });
});

describe('at 80 columns', () => {
  it('the share of a disk is not cut, whatever is reserved', () => {
    const message = '96% full: 11 GB free of 252 GB on /srv/data, 162 GB reserved';
    const disk = aTarget({ id: 'disk:/srv/data', kind: 'disk', detail: message, checks: [] });
    const hub = aTarget({ id: 'a-service-with-a-name' });
    expect(renderStatus({ ...calm(), targets: [disk, hub] }, look, paper)).toContain('96% full: 11 GB free of');
  });

  it('health.txt ends with the uptime of services, as far as it is known', () => {
    const known = (downMs: number) => ({ downMs, knownMs: 1_000_000 });
    const bars = { from: 0, slotMs: 1, states: '' };
    const past = { day: bars, month: bars, quarter: bars, series: [] };
    const history = {
      schema: 1 as const,
      writtenAt: NOW - 120_000,
      ribbon: bars,
      targets: [
        { id: 'hub', ...past, uptime: { day: known(0), month: known(300), quarter: known(1_500) } },
        { id: 'cpu', ...past, uptime: { day: known(0), month: known(0), quarter: known(0) } },
      ],
    };
    const text = renderHealthText(calm(), NOW, history);
    expect(text).toMatch(/\nuptime until 13:15 +24 h +30 days +90 days\nhub +100% +99.97% +99.85%\n$/);
    expect(renderHealthText(calm(), NOW)).not.toContain('uptime');
  });
});
