import { describe, expect, it } from 'vitest';
import { writeProblem } from '../../src/config/problems.ts';
import { definitionOf, problemsOf, read } from './reading.ts';

const HEAD = 'name: mine\nsummary: Mends it.\nfor: service\n';
const STEP = 'steps:\n  - action: restart-service\n';

describe('a playbook', () => {
  it('says its steps with their options, times, classes and proof in the words of the program', () => {
    const text = `${HEAD}when: [hung, crashed]
slo: 10m
steps:
  - action: restart-service
    with: { hungStopGrace: 5s }
    timeout: 60s
    when: hung
    retries: 2
    backoff: 20s
    verify: { checks: [http], good: 2, every: 2s, within: 45s }
  - action: restart-service
`;
    expect(definitionOf(text)).toMatchObject({
      name: 'mine',
      summary: 'Mends it.',
      for: 'service',
      when: ['hung', 'crashed'],
      sloMs: 600_000,
      steps: [
        {
          action: 'restart-service',
          options: { hungStopGraceMs: 5_000 },
          timeoutMs: 60_000,
          when: ['hung'],
          retries: 2,
          backoffMs: 20_000,
          verify: { checks: ['http'], goods: 2, everyMs: 2_000, withinMs: 45_000 },
        },
        { action: 'restart-service', options: {}, timeoutMs: undefined, retries: 0, backoffMs: 30_000, verify: {} },
      ],
    });
  });

  it('needs little: a name, a sentence, a kind and a step', () => {
    expect(definitionOf(`${HEAD}${STEP}`)).toMatchObject({ sloMs: 900_000, steps: [{ retries: 0, verify: {} }] });
    expect(problemsOf('')).toEqual(['playbooks/mine.yaml:1:1 is empty']);
    expect(problemsOf('restart it')).toEqual([
      'playbooks/mine.yaml:1:1 is "restart it", a map (lines of key: value) is needed',
    ]);
    expect(problemsOf('name: mine\n')).toEqual([
      'playbooks/mine.yaml:1:1 summary is missing, a sentence is needed',
      'playbooks/mine.yaml:1:1 for is missing, service, disk, memory or logs is needed',
      'playbooks/mine.yaml:1:1 steps is missing',
    ]);
  });

  it.each([
    ['an unknown key', `${HEAD}stepz: []\n${STEP}`, '4:1 stepz is not a known key; did you mean steps?'],
    ['no steps', `${HEAD}steps: []\n`, '4:1 steps is empty, at least one is needed'],
    ['steps that are no list', `${HEAD}steps: restart-service\n`, '4:1 steps is "restart-service", a list'],
    ['another name than its file', `${HEAD}${STEP}`.replace('mine', 'yours'), '1:1 name is "yours", mine is needed'],
    [
      'an unknown action',
      `${HEAD}steps:\n  - action: restart-servise\n`,
      '5:5 steps[0].action is "restart-servise", which is no action; there are restart-service, ',
    ],
    [
      'an unknown option',
      `${HEAD}${STEP}    with: { hungStopgrase: 3s }\n`,
      '6:13 steps[0].with.hungStopgrase is no option of restart-service, which has stopGrace, hungStopGrace, settle; did you mean hungStopGrace?',
    ],
    [
      'an option that only the config may set',
      `${HEAD}${STEP}    with:\n      match: node\n`,
      '7:7 steps[0].with.match is what the config of the target says, and cannot be set here',
    ],
    [
      'a time without a unit',
      `${HEAD}${STEP}    with: { stopGrace: 3 }\n`,
      '6:13 steps[0].with.stopGrace is 3 without a unit, a duration like 500ms, 30s, 5m, 1h or 7d is needed; did you mean 3s?',
    ],
    ['an unknown class', `${HEAD}when: [hang]\n${STEP}`, '4:8 when[0] is "hang", crashed, oom-killed, '],
    [
      'an unknown check',
      `${HEAD}${STEP}    verify: { checks: [htpp] }\n`,
      '6:24 steps[0].verify.checks[0] is "htpp", which is no check of a service; there are process, http, tcp, gateway; did you mean http?',
    ],
    [
      'a proof that can never be',
      `${HEAD}${STEP}    verify: { good: 5, every: 10s, within: 30s }\n`,
      '6:5 steps[0].verify can never be true: 5 good looks, one every 10s, take longer than 30s',
    ],
    [
      'a last step that proves nothing',
      `${HEAD}${STEP}    verify: none\n`,
      '6:5 steps[0].verify is none, but nothing follows that could show whether it helped',
    ],
    [
      'no end in time',
      `${HEAD}slo: 5m\n${STEP}    timeout: 60s\n    retries: 2\n    verify: { within: 60s }\n`,
      '4:1 slo is 5m, but its steps may take 7 min 30 s with every timeout, retry, wait and verification: write a longer slo (1h at most), fewer retries or shorter times',
    ],
    [
      'no end at all',
      `${HEAD}slo: 1h\n${STEP}    timeout: 1h\n    retries: 10\n`,
      '4:1 slo is 1h, but its steps may take 11 h 48 min with every timeout, retry, wait and verification: write fewer retries',
    ],
    ['an slo of hours', `${HEAD}slo: 2h\n${STEP}`, '4:1 slo is 2h, at most 1h is allowed'],
    [
      'less time than it waits',
      `${HEAD}${STEP}    with: { stopGrace: 5m }\n    timeout: 1m\n`,
      '7:5 steps[0].timeout is 1m, but its options alone take 5m',
    ],
    [
      'a backoff of hours',
      `${HEAD}${STEP}    retries: 1\n    backoff: 1h\n`,
      'steps[0].backoff is 1h, at most 5m is allowed',
    ],
    ['a key twice', `${HEAD}${STEP}for: disk\n`, 'has the key "for" twice'],
    ['broken YAML', `${HEAD}steps: [\n`, '4:8 opens a bracket here that is not closed'],
  ])('with %s is refused, with the place and what would be right', (_, text, want) => {
    expect(problemsOf(text).join('\n')).toContain(want);
  });

  it('says a command word by word, and keeps its secrets out of sight', () => {
    const { steps } = definitionOf(`${HEAD}steps:
  - action: run-command
    with:
      argv: [~/bin/mend, --port, 8080, --fast, true]
      cwd: ~/app
      env: { PORT: 8080, MODE: fast, TOKEN: abc, KEY_FILE: { file: key.txt }, WHO: "\${USER}" }
      deadline: 5s
      maxSize: 4KB
`);
    expect(steps[0]?.options).toMatchObject({
      argv: ['/home/ada/bin/mend', '--port', '8080', '--fast', 'true'],
      cwd: '/home/ada/app',
      deadlineMs: 5_000,
      maxBytes: 4_000,
    });
    expect(JSON.stringify(steps[0]?.options['env'])).toBe(
      '{"PORT":"8080","MODE":"fast","TOKEN":"[secret]","KEY_FILE":"[secret]","WHO":"[secret]"}',
    );
  });

  it.each([
    ['deadline: 5s', 'steps[0].with.argv is missing, run-command cannot do without it'],
    ['argv: mend', 'steps[0].with.argv is "mend", a list of words is needed: no shell takes a line apart'],
    ['argv: [mend]\n      cwd: app', 'steps[0].with.cwd is "app", an absolute path is needed'],
    ['argv: [mend]\n      deadline: 2h', 'steps[0].with.deadline is 2h, at most 1h is allowed'],
    ['argv: [mend]\n      env: { A: [b] }', 'steps[0].with.env [A] is a list'],
  ])('refuses a command that cannot be run: %s', (options, want) => {
    expect(problemsOf(`${HEAD}steps:\n  - action: run-command\n    with:\n      ${options}\n`).join()).toContain(want);
  });

  it('says which signal, and what if that is not enough', () => {
    const signal = (options: string) => `${HEAD}steps:\n  - action: signal-process\n    with: { ${options} }\n`;
    expect(Object.entries(definitionOf(signal('signal: TERM, then: KILL, after: 5s')).steps[0]?.options ?? {})).toEqual(
      [
        ['signal', 'TERM'],
        ['then', 'KILL'],
        ['afterMs', 5_000],
      ],
    );
    expect(problemsOf(signal('signal: TREM')).join()).toContain(
      'steps[0].with.signal is "TREM", TERM, INT, HUP, QUIT, KILL, CONT or USR2 is needed; did you mean TERM?',
    );
    expect(problemsOf(signal('signal: USR1')).join()).toContain('is "USR1", TERM, INT,');
  });

  it('tells everything that is wrong at once, and shows the lines to a person', () => {
    const reading = read('name: mine\nsummary: x\nfor: servise\nsteps:\n  - action: restart\n    retries: many\n');
    expect(reading.ok).toBe(false);
    if (reading.ok) return;
    expect(reading.problems.map(({ line, path }) => `${line} ${path}`)).toEqual(['3 for', '6 steps[0].retries']);
    expect(reading.frames[0]).toContain('3 | for: servise\n');
  });

  it('is warned of what has no effect', () => {
    const reading = read(`${HEAD}${STEP}    backoff: 10s\n`);
    expect(reading.ok && reading.warnings.map(writeProblem)).toEqual([
      'playbooks/mine.yaml:6:5 steps[0].backoff has no effect without retries',
    ]);
  });
});
