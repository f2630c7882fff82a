import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Alert } from '../core/state.ts';
import { sayDuration } from '../core/units.ts';
import { monotonicMs, wallMs } from '../host/clock.ts';
import { renderAlerts } from '../text/alerts.ts';
import { incidentStory, incidentTable } from '../text/incidents.ts';
import { say } from '../text/lines.ts';
import { paint } from '../text/paper.ts';
import { targetTable } from '../text/targets.ts';
import { clockTime } from '../text/time.ts';
import type { Context } from './context.ts';
import { buildStage, type Stage } from './demo-stage.ts';

/** Breaks sample services on purpose and tells what happens. Cleans up whatever happens, also on Ctrl-C. */
export async function run(context: Context): Promise<number> {
  const stage = await buildStage(['shop', 'mail', 'ledger'], configOf);
  let stopped = false;
  const stop = new Promise<'stopped'>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGPIPE'] as const) {
      // Not once: a second Ctrl-C must not cut the cleaning short.
      process.on(signal, () => {
        stopped = true;
        resolve('stopped');
      });
    }
  });
  const play = show(context, stage);
  // What still fails after Ctrl-C fails because the stage is being struck.
  play.catch(() => undefined);
  try {
    await Promise.race([play, stop]);
  } finally {
    await stage.strike();
  }
  tell(context, 'Cleaned up: no process and no file of the show is left.');
  return stopped ? 130 : 0;
}

function configOf(services: Stage['services'], folder: string): string {
  const part = ({ name, port }: Stage['services'][number]) => `  ${name}:
    http: { url: "http://127.0.0.1:${port}/", every: 1s, timeout: 1s }
    start: [${JSON.stringify(process.execPath)}, service.mjs, "${port}"]
    cwd: ${JSON.stringify(folder)}
    hungAfter: 3s
`;
  return `services:\n${services.map(part).join('')}disk: []\nmemory: off\nserver: { enabled: false }\n`;
}

async function show(context: Context, stage: Stage): Promise<void> {
  title(context, 'Three sample services and a daemon of their own, in a temporary folder.');
  tell(context, 'Nothing else on this machine is looked at or touched. Ctrl-C ends the show.');
  await stage.until((now) =>
    now.targets.length > 0 && now.targets.every(({ state }) => state === 'working') ? true : undefined,
  );
  tell(context, 'The daemon has started them and looked at them:');
  context.out(`${targetTable(await stage.state(), { all: false, past: false }, context.paper()).join('\n')}\n`);
  await stage.pause(2_000);
  await killed(context, stage);
  await hung(context, stage);
  await beyondHelp(context, stage);
}

async function killed(context: Context, stage: Stage): Promise<void> {
  title(context, '1. A crash');
  const pid = await pidOf(stage, 'shop');
  const beganAt = monotonicMs();
  process.kill(pid, 'SIGKILL');
  tell(context, `kill -9 ${pid}: shop is gone.`);
  const again = await backWithAnother(stage, 'shop', pid);
  tell(
    context,
    `shop answers again as process ${again}, ${sayDuration(monotonicMs() - beganAt)} later. No alert: nobody needed to know.`,
  );
  await story(context, stage, 'shop');
  await stage.pause(2_000);
}

async function hung(context: Context, stage: Stage): Promise<void> {
  title(context, '2. A hang');
  const pid = await pidOf(stage, 'mail');
  const beganAt = monotonicMs();
  process.kill(pid, 'SIGSTOP');
  tell(context, `kill -STOP ${pid}: mail lives, its port is open, and it answers nobody.`);
  await stage.until((now) =>
    now.targets.some(({ id, checks }) => id === 'mail' && checks.some(({ strikes }) => strikes > 0)) ? true : undefined,
  );
  tell(context, 'A look got no answer. One is no proof: three, and 3 s of silence, are.');
  const again = await backWithAnother(stage, 'mail', pid);
  tell(context, `mail answers again as process ${again}, ${sayDuration(monotonicMs() - beganAt)} after it hung.`);
  await stage.pause(2_000);
}

async function beyondHelp(context: Context, stage: Stage): Promise<void> {
  title(context, '3. What cannot be helped');
  const pid = await pidOf(stage, 'ledger');
  const broken = join(stage.folder, 'broken');
  writeFileSync(broken, '');
  process.kill(pid, 'SIGKILL');
  tell(context, `ledger is killed, and its program is broken: it will not come back.`);
  await stage.until((now) => (now.alerts.pending.length > 0 ? true : undefined));
  tell(context, 'It was tried, it did not help, and one alert is pending. `jarvis-health alerts take` gives it:');
  context.out(`\n${renderAlerts(await take(stage), context.paper())}\n`);
  await stage.pause(3_000);
  tell(context, `Taken again: ${(await take(stage)).length} alerts. It is told once.`);
  rmSync(broken);
  tell(context, 'Now a person mends the program and types `jarvis-health recover ledger`.');
  await stage.tell('/api/v1/targets/ledger/recover');
  await backWithAnother(stage, 'ledger', pid);
  const resolved = await stage.until((now) => now.alerts.pending.find(({ kind }) => kind === 'resolved'));
  tell(context, `ledger answers again, and an alert says so: "${resolved.title}".`);
  await stage.pause(1_000);
  title(context, 'All of it, as `jarvis-health incidents` lists it');
  context.out(`${incidentTable((await stage.state()).incidents, context.paper()).join('\n')}\n\n`);
}

/** What `jarvis-health incidents show` says of the service's last incident. */
async function story(context: Context, stage: Stage, name: string): Promise<void> {
  const incident = await stage.until((now) =>
    now.incidents.find(({ target, end }) => target === name && end !== undefined),
  );
  tell(context, `\`jarvis-health incidents show ${incident.id}\` tells it step by step:`);
  context.out(`\n${incidentStory(incident, context.paper()).join('\n')}\n`);
}

/** Waits for the service to be well as another process; gives its pid. */
function backWithAnother(stage: Stage, name: string, before: number): Promise<number> {
  return stage.until((now) => {
    const target = now.targets.find(({ id }) => id === name);
    const pid = target?.process?.pid;
    return target?.state === 'working' && !target.soft && pid !== undefined && pid !== before ? pid : undefined;
  });
}

function pidOf(stage: Stage, name: string): Promise<number> {
  return stage.until((now) => now.targets.find(({ id }) => id === name)?.process?.pid);
}

async function take(stage: Stage): Promise<readonly Alert[]> {
  const answer = await stage.tell('/api/v1/alerts/take');
  return typeof answer === 'object' && answer !== null && 'alerts' in answer && Array.isArray(answer.alerts)
    ? answer.alerts
    : [];
}

function title(context: Context, text: string): void {
  context.out(`\n${paint(text, 'bold', context.paper())}\n`);
}

function tell(context: Context, text: string): void {
  const paper = context.paper();
  const [first = '', ...more] = say(text, 10, paper);
  context.out(`${[`${paint(clockTime(wallMs()), 'faint', paper)}  ${first.trimStart()}`, ...more].join('\n')}\n`);
}
