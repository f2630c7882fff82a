import * as v from 'valibot';
import { described, needed, optional, preset } from './option.ts';
import { playbooks } from './playbooks.ts';
import { count, duration, pause } from './quantities.ts';
import { choice } from './words.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export const mode = choice('act', 'observe');

/** What `recoverOn` may add to what is always acted on. */
const reasons = v.array(needed(choice('5xx', 'wrong-answer'), 'A reason.'));
const RECOVER_ON =
  'Answers that are recovered too, besides a process that is gone, refuses connections or does not answer at all: `5xx` (status 500 and above), `wrong-answer` (not the status or body that was asked for).';

const failureThreshold = count(1, 100);
const attempts = count(0, 1000);

/** Each option once, with the words for both places where it may stand. */
const TEXT = {
  failureThreshold:
    'Failed looks in a row before trouble is believed. A process that is gone needs no second opinion but an immediate one.',
  successThreshold: 'Good looks in a row before it counts as well again (one is enough after a process was gone).',
  retryEvery: 'Distance between looks while a failure is being confirmed.',
  cooldown: 'Time between two recovery attempts on the same target.',
  maxAttemptsPerHour:
    'Recovery attempts on one target in any hour. When they are used up, it is tried once an hour and waits for you. 0 forbids them.',
  forgetAfter:
    'Health of this length forgets past attempts, so that new trouble is met without delay (the hourly count stays).',
  startGraceCap: 'The longest time a service may take to start while it makes progress.',
  bringUpTries: 'Tries to start a service that is down as the daemon starts. They are no recovery attempts.',
  bringUpBackoff: 'Pause before the second try to bring a service up; each further one is four times as long.',
} as const;

export const policy = described(
  v.strictObject({
    mode: preset(mode, 'act', '`act` recovers. `observe` looks, judges and alerts, and only says what it would do.'),
    failureThreshold: preset(failureThreshold, 3, TEXT.failureThreshold),
    successThreshold: preset(failureThreshold, 2, TEXT.successThreshold),
    retryEvery: preset(duration(), '2s', TEXT.retryEvery),
    hungAfter: preset(
      duration(),
      '60s',
      'Silence of this length, besides the failed looks, means hung: a program that serves one long request is not.',
    ),
    startGrace: preset(
      pause(),
      '60s',
      'Time a service has to start before silence counts. It learns longer times from past starts.',
    ),
    startGraceCap: preset(pause(), '10m', TEXT.startGraceCap),
    cooldown: preset(pause(), '5m', TEXT.cooldown),
    maxAttemptsPerHour: preset(attempts, 3, TEXT.maxAttemptsPerHour),
    forgetAfter: preset(pause(), '10m', TEXT.forgetAfter),
    recoverOn: v.optional(described(reasons, RECOVER_ON, { examples: [['5xx']] }), []),
    bringUpTries: preset(count(0, 20), 3, TEXT.bringUpTries),
    bringUpBackoff: preset(pause(), '2s', TEXT.bringUpBackoff),
    disk: v.optional(resource('the disks', 'disk-pressure', {}), {}),
    memory: v.optional(resource('memory', 'memory-pressure', {}), {}),
    logs: v.optional(
      resource('the logs', 'log-too-large', {
        cooldown: '1m, rotation is routine',
        maxAttemptsPerHour: '12, rotation is routine',
      }),
      {},
    ),
  }),
  'Thresholds and limits that hold for every target which does not set its own.',
);

/** The part of the policy that one host resource may set for itself. */
function resource(
  name: string,
  playbook: string,
  derived: { readonly cooldown?: string; readonly maxAttemptsPerHour?: string },
) {
  return described(
    v.strictObject({
      mode: optional(mode, `Mode of ${name} alone.`, { derived: 'policy.mode' }),
      cooldown: optional(pause(), `Time between two attempts on ${name}.`, {
        derived: derived.cooldown ?? 'policy.cooldown',
      }),
      maxAttemptsPerHour: optional(attempts, `Attempts on ${name} in any hour.`, {
        derived: derived.maxAttemptsPerHour ?? 'policy.maxAttemptsPerHour',
      }),
      forgetAfter: optional(pause(), TEXT.forgetAfter, { derived: 'policy.forgetAfter' }),
      playbook: playbooks(name, playbook),
    }),
    `What is different for ${name}.`,
  );
}

const inherited = (key: string) => ({ derived: `policy.${key}` });

const uncleanEnds = described(
  v.strictObject({
    most: preset(count(1, 15), 2, 'This many unclean ends are allowed within `window`, whoever caused them.'),
    window: preset(duration(), '10m', 'Window in which they are counted.'),
    patience: preset(pause(DAY_MS), '30m', 'After more of them it is left in peace for this long, and you are told.'),
  }),
  'A budget of ends that nobody wished (crashes, kills by anyone), for what over-killing harms. For the gateway always; for other services where it is written.',
);

/** `services.X.policy`: what this service sets for itself. */
export const servicePolicy = described(
  v.strictObject({
    failureThreshold: optional(failureThreshold, TEXT.failureThreshold, inherited('failureThreshold')),
    successThreshold: optional(failureThreshold, TEXT.successThreshold, inherited('successThreshold')),
    retryEvery: optional(duration(), TEXT.retryEvery, inherited('retryEvery')),
    cooldown: optional(pause(), TEXT.cooldown, inherited('cooldown')),
    maxAttemptsPerHour: optional(attempts, TEXT.maxAttemptsPerHour, inherited('maxAttemptsPerHour')),
    forgetAfter: optional(pause(), TEXT.forgetAfter, inherited('forgetAfter')),
    startGraceCap: optional(pause(), TEXT.startGraceCap, inherited('startGraceCap')),
    recoverOn: v.exactOptional(described(reasons, RECOVER_ON, inherited('recoverOn'))),
    bringUpTries: optional(count(0, 20), TEXT.bringUpTries, inherited('bringUpTries')),
    bringUpBackoff: optional(pause(), TEXT.bringUpBackoff, inherited('bringUpBackoff')),
    uncleanEnds: v.exactOptional(uncleanEnds),
  }),
  'What is different for this service. What is left out comes from the `policy` section.',
);

export const limits = described(
  v.strictObject({
    hostAttempts: preset(
      count(1, 1000),
      6,
      'This many attempts at services on the whole host within hostWindow open the breaker: something bigger is wrong.',
    ),
    hostWindow: preset(duration(), '10m', 'Window in which hostAttempts are counted.'),
    breakerFor: preset(
      pause(30 * DAY_MS),
      '30m',
      'How long the open breaker holds every recovery. Looking and alerting go on.',
    ),
    maxConcurrent: preset(count(1, 16), 2, 'Recovery attempts that may run at the same time.'),
  }),
  'Limits for the host as a whole.',
);

export const holds = described(
  v.strictObject({
    afterBoot: preset(pause(HOUR_MS), '60s', 'After the host booted, nothing is recovered for this long.'),
    afterWake: preset(pause(HOUR_MS), '60s', 'After the host woke from sleep, nothing is recovered for this long.'),
    parent: preset(pause(), '5m', 'A service that recovers holds those that come `after` it for at most this long.'),
    work: preset(
      pause(),
      '30m',
      'A build, install or update in the folder of a service holds its recovery for at most this long.',
    ),
    terminal: preset(
      pause(HOUR_MS),
      '60s',
      'A process that went away from a terminal was probably stopped by a person: wait this long.',
    ),
  }),
  'Reasons to wait, and for how long at most. Each ends by itself and is shown while it lasts.',
);
