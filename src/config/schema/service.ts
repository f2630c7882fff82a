import * as v from 'valibot';
import { described, either, needed, optional, preset } from './option.ts';
import { address, httpUrl, path, statusRange } from './places.ts';
import { playbooks } from './playbooks.ts';
import { mode, servicePolicy } from './policy.ts';
import { duration, pause } from './quantities.ts';
import { maybeSecret } from './secrets.ts';
import { argument, choice, commandMatch, line } from './words.ts';

const every = (derived: string) => optional(duration(), 'Distance between two looks.', { derived });
const timeout = (derived: string) =>
  optional(duration(10, 600_000), 'A look that takes longer has failed.', { derived });
const THIRD = 'a third of hungAfter, at least 1s and at most 10s';

const http = v.strictObject({
  url: needed(httpUrl(), 'Address to ask. Redirects are answers and are not followed.', {
    examples: ['http://127.0.0.1:8080/health'],
  }),
  status: v.exactOptional(
    described(
      either(
        v.pipe(
          needed(statusRange(), 'One status or range.'),
          v.transform((range) => [range]),
        ),
        v.pipe(v.array(needed(statusRange(), 'A status or range.')), v.minLength(1)),
      ),
      'Statuses that are right. Status 429 (asked too often) is right only where it is listed; elsewhere it is a warning, told and never acted upon.',
      { derived: 'any below 500 but 429', examples: ['200-299', [200, 204, '3xx']] },
    ),
  ),
  body: optional(line('a text'), 'Text that the first 64 KiB of the answer must contain.', { examples: ['ok'] }),
  method: preset(choice('GET', 'HEAD'), 'GET', 'Method of the request.'),
  headers: v.exactOptional(
    described(
      v.record(v.string(), maybeSecret('a header value')),
      `Headers to send. Values of names like Authorization, and all that use \${NAME} or { file: PATH }, are never shown.`,
      {
        examples: [{ Authorization: `Bearer \${HUB_TOKEN}` }],
      },
    ),
  ),
  slow: optional(
    duration(10, 600_000),
    'A good answer that takes longer than this is a warning. It is told, and never acted upon.',
    { examples: ['2s'] },
  ),
  timeout: timeout(THIRD),
  every: every("the service's every"),
});

const tcp = v.strictObject({
  address: needed(address(), 'Host and port that must accept a connection.'),
  timeout: timeout(THIRD),
  every: every("the service's every"),
});

const process = v.strictObject({
  match: optional(
    commandMatch(),
    'Part of the command line by which the process is recognised, or `/regular expression/`: name the program or script. What runs it is this service and may be ended as such; what only has it among its arguments is watched and never ended.',
    {
      examples: ['hub-api.py', '/node .*server\\.js/'],
    },
  ),
  every: preset(duration(), '250ms', 'Distance between two looks at the process.'),
});

export const service = v.strictObject({
  preset: optional(
    choice('gateway'),
    "A service this program knows: `gateway` is the agent's gateway, openclaw or clawdbot, found by itself. It brings its own looks, playbook and defaults; every option that is written wins over it.",
  ),
  http: v.exactOptional(
    described(
      either(
        v.pipe(
          needed(httpUrl(), 'Address to ask.'),
          v.transform((url) => v.parse(http, { url })),
        ),
        http,
      ),
      'Ask an address, and expect an answer. An address alone is enough.',
      { examples: ['http://127.0.0.1:3000/'] },
    ),
  ),
  tcp: v.exactOptional(
    described(
      either(
        v.pipe(
          needed(address(), 'host:port'),
          v.transform((to): v.InferOutput<typeof tcp> => ({ address: to })),
        ),
        tcp,
      ),
      'Open a connection to host:port.',
      { examples: ['127.0.0.1:8080'] },
    ),
  ),
  process: v.exactOptional(
    described(
      process,
      'How the process of the service is recognised when neither its start command nor its port tell.',
    ),
  ),
  start: v.exactOptional(
    described(
      v.pipe(v.array(needed(argument('a word of the command'), 'A word of the command.')), v.minLength(1)),
      'Command that starts the service, word by word; no shell reads it; `~/` at the beginning of a word is your home folder. Without it the service is restarted by its owner, and only watched when it has none.',
      { examples: [['python3', 'app.py']] },
    ),
  ),
  cwd: optional(path('a folder'), 'Folder in which it is started.', { derived: "the daemon's home folder" }),
  env: v.exactOptional(
    described(
      v.record(v.string(), maybeSecret('a value')),
      'Environment variables for the start command, besides those of the daemon.',
    ),
  ),
  after: v.optional(
    described(
      v.array(needed(line('the name of a service', 64), 'Name of a service.')),
      'Services this one needs. While one of them is down, this one waits and raises no alert of its own.',
    ),
    [],
  ),
  unit: optional(
    line('the name of a unit or job', 256),
    'Owner that restarts the service, when it cannot be found by itself: a systemd service (your own before one of the system), `launchd:` and the label of a job, `pm2:` and a name, `docker:` or `podman:` and the name of a container. It is asked first; what it restarts by itself is left to it, and so is what a person has stopped.',
    { examples: ['hub.service', 'launchd:ai.example.hub', 'pm2:hub', 'docker:hub'] },
  ),
  every: optional(duration(), 'Distance between two looks.', { derived: '10s, or hungAfter if that is less' }),
  hungAfter: optional(duration(), 'Silence of this length, besides the failed looks, means hung.', {
    derived: 'policy.hungAfter',
  }),
  startGrace: optional(pause(), 'Time it has to start before silence counts.', { derived: 'policy.startGrace' }),
  stopGrace: optional(pause(600_000), 'Time between the polite signal (TERM) and the final one (KILL).', {
    derived: '10s; 60s for the gateway, which finishes its work first',
  }),
  hungStopGrace: preset(pause(600_000), '3s', 'The same for a service that hangs.'),
  mode: optional(mode, 'Mode of this service alone.', { derived: 'policy.mode' }),
  playbook: playbooks('it', 'hung-process, port-conflict, service-restart; gateway-restart for the gateway'),
  policy: v.optional(servicePolicy, {}),
});
