import { randomBytes } from 'node:crypto';
import { closeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { monotonicMs } from './clock.ts';
import { exec } from './exec.ts';
import type { ExecOutcome, StartOutcome } from './hands.ts';
import { lastRunOf, ownUnitName } from './own-unit.ts';
import { lookAt, type ProcessFacts, readProcess } from './processes.ts';
import { openServiceLog } from './service-log.ts';
import {
  type Exit,
  endedAtOnce,
  notStarted,
  type PreparedStart,
  type StartSettings,
  trackedFrom,
  trouble,
} from './start-outcome.ts';
import { lastLines, lastWordsIn } from './tail.ts';
import { type Systemd, unexpanded } from './user-manager.ts';

const LOOK_EVERY_MS = 50;

/**
 * Starts a service as a transient unit (systemd-run(1)). So it has neither our sandbox nor our control group and lives
 * when our own unit is stopped. It is not restarted by systemd: two who heal the same thing fight.
 */
export async function startInManager(
  service: PreparedStart,
  systemd: Systemd,
  settings: StartSettings,
): Promise<StartOutcome> {
  const log = openServiceLog(service.logFile); // created by us, so that it is 0600
  closeSync(log.descriptor);
  if (log.lost !== undefined) settings.say(`the output of ${service.name} is not kept: ${log.lost}`);
  const output = log.lost === undefined ? `append:${service.logFile}` : 'null';
  const stable = ownUnitName(settings.servicePrefix, service.name);
  const systemctl = (...words: string[]) => exec(['systemctl', ...systemd.words, ...words], { env: systemd.env });

  await systemctl('reset-failed', `${stable}.service`); // what is left of the last start would keep the name
  let unit = stable;
  let started = await run(service, systemd, unit, output);
  if (!started.ok && /already (loaded|exists)|has a fragment/.test(started.stderr)) {
    // Children of the last start still live in the old unit: they are left alone (KillMode=process).
    unit = `${stable}-${randomBytes(3).toString('hex')}`;
    started = await run(service, systemd, unit, output);
  }
  // systemd-run may fail only because the program had ended before it looked (Type=exec): then its own status says more.
  const before = started.ok ? undefined : await lastRunOf(systemctl, unit);
  if (!started.ok && before?.ran !== true) {
    const said = lastLines(started.stderr, 1)[0] ?? started.trouble?.message ?? 'systemd-run failed';
    const hint = `It last said: ${said}`;
    return notStarted(
      trouble('START_REFUSED', `systemd did not start ${service.name}.`, hint),
      undefined,
      lastLines(started.stderr, 5),
    );
  }
  const mainPid = Number((await systemctl('show', '--property=MainPID', '--value', `${unit}.service`)).stdout.trim());
  const facts = mainPid > 0 ? await readProcess(mainPid) : undefined;
  const deadline = monotonicMs() + service.settleMs;
  while (facts !== undefined && lookAt(facts) !== 'gone' && monotonicMs() < deadline) await delay(LOOK_EVERY_MS);
  if (facts !== undefined && lookAt(facts) !== 'gone') {
    void earlyEnd(facts, () => lastRunOf(systemctl, unit)).then((exit) => exit && settings.onExit(exit));
    return { started: true, process: trackedFrom(facts), via: 'systemd-run' };
  }
  const { exitCode, signal } = before ?? (await lastRunOf(systemctl, unit));
  if (exitCode === 0) return { started: true, process: undefined, via: 'systemd-run' };
  return endedAtOnce(service, { exitCode, signal }, lastWordsIn(service.logFile, log.fromByte));
}

const WATCH_EVERY_MS = 1_000;
/** As long as a start may take (policy.startGraceCap). */
const WATCH_MS = 600_000;

/**
 * It is no child of ours, so its end must be looked for: a program may take half a minute to refuse its configuration,
 * and that must not be looped on. Keeps no program alive.
 */
async function earlyEnd(facts: ProcessFacts, lastRun: () => ReturnType<typeof lastRunOf>): Promise<Exit | undefined> {
  const until = monotonicMs() + WATCH_MS;
  while (lookAt(facts) !== 'gone') {
    if (monotonicMs() >= until) return undefined;
    await delay(WATCH_EVERY_MS, undefined, { ref: false });
  }
  const { exitCode, signal, outOfMemory } = await lastRun();
  return { pid: facts.pid, exitCode, signal, ...(outOfMemory === undefined ? {} : { outOfMemory }) };
}

/** Values go by the environment of systemd-run, not by its command line, which every user of the host can read. */
async function run(service: PreparedStart, systemd: Systemd, unit: string, output: string): Promise<ExecOutcome> {
  const names = Object.keys(service.env).filter((name) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
  const properties = [
    'Type=exec', // systemd-run then reports what could not be executed
    'KillMode=process', // what it has put into a group of its own lives when it is stopped (DESIGN §5.5)
    `WorkingDirectory=${service.cwd}`,
    `StandardOutput=${output}`,
    `StandardError=${output}`,
  ];
  return await exec(
    [
      ...[
        'systemd-run',
        ...systemd.words,
        '--quiet',
        '--no-ask-password',
        `--unit=${unit}`,
        `--description=${service.name}`,
      ],
      ...properties.flatMap((property) => ['-p', property]),
      ...names.map((name) => `--setenv=${name}`),
      ...['--', service.program, ...service.argv.slice(1)].map(unexpanded),
    ],
    { env: { ...service.env, ...systemd.env }, timeoutMs: 20_000 },
  );
}
