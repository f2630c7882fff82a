import * as v from 'valibot';
import { described, preset } from './option.ts';
import { file, loopbackAddress } from './places.ts';
import { count, pause, size } from './quantities.ts';
import { choice, yesOrNo } from './words.ts';

const DAY_MS = 86_400_000;

export const alerts = described(
  v.strictObject({
    after: preset(
      count(1, 1000),
      3,
      'Bad looks at the normal distance, with no attempt running, before an alert is raised. Trouble that heals first raises none.',
    ),
    cooldown: preset(
      pause(30 * DAY_MS),
      '1h',
      'Time between two alerts about the same target. A worse one, a final one and "well again" pass.',
    ),
    pendingFile: preset(
      file('a file name'),
      'alert-pending.json',
      'Queue of alerts for the main agent, in the home folder unless it begins with / or ~/.',
    ),
  }),
  'When people, and the main agent, are told.',
);

export const server = described(
  v.strictObject({
    listen: preset(loopbackAddress(), '127.0.0.1:7717', 'Address of the door for browsers. Loopback only.'),
    enabled: preset(yesOrNo(), true, 'Open the door for browsers.'),
  }),
  'The door for browsers. Not built yet: the options are checked and then ignored.',
);

export const log = described(
  v.strictObject({
    level: preset(
      choice('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'),
      'info',
      'What is written to the log of the daemon.',
    ),
    maxSize: preset(size(10_000), '10MB', 'A new file begins at this size.'),
    keep: preset(count(1, 100), 5, 'Files kept, the present one included.'),
  }),
  "The daemon's own log. It never grows beyond maxSize × keep.",
);
