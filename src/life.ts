import { homedir } from 'node:os';
import { actionNamed } from '../actions/index.ts';
import type { LoadedConfig } from './config/load.ts';
import { readConfigChanges } from './config-changes.ts';
import type { Event } from './core/events.ts';
import { figureOf } from './core/figure.ts';
import type { Plan } from './core/plan.ts';
import type { Snapshot } from './core/snapshot.ts';
import type { DaemonOptions } from './daemon.ts';
import { createOperations } from './daemon-operations.ts';
import { startDailyJobs } from './daily.ts';
import { createEffects } from './effects.ts';
import { followGateways } from './follow-gateways.ts';
import { lookAround } from './found.ts';
import { type Clock, monotonicMs } from './host/clock.ts';
import { forgetAllBut } from './host/glance.ts';
import { readHostFacts } from './host/host-facts.ts';
import { findNotify } from './host/notify-systemd.ts';
import { createOomKills } from './host/oom-kills.ts';
import { serveOperations } from './http/server.ts';
import { createInbox } from './inbox.ts';
import { keepGoodFiles } from './keep-good-files.ts';
import type { Log } from './log.ts';
import { createLooks } from './looks.ts';
import { renderMetrics } from './metrics.ts';
import type { Playbooks } from './open-playbooks.ts';
import { createPublisher } from './publisher.ts';
import { startPulse } from './pulse.ts';
import { createRecent } from './recent.ts';
import { createScheduler } from './scheduler.ts';
import type { Home } from './store/home.ts';
import { oneAtATime } from './store/one-at-a-time.ts';
import type { Store } from './store/store.ts';
import { tendServiceLogs } from './tend-service-logs.ts';
import { untilStopped } from './until-stopped.ts';
import { startWatchdog } from './watchdog.ts';

export type LifeOptions = {
  readonly home: Home;
  readonly options: DaemonOptions;
  readonly loaded: LoadedConfig;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly playbooks: Playbooks;
  readonly compile: (loaded: LoadedConfig) => Promise<Plan>;
};

const SWEEP_MS = 300_000;
const UPKEEP_MS = 60_000;
const SERVICE_LOGS_MS = 5_000;
const OOM_KILLS_MS = 5_000;
/**
 * One life of the daemon, from the first look to the last save. Everything is wired here and nothing is decided.
 * `acting`: an action hangs and cannot be called off, so the host may still be changed by this process.
 */
export async function runLife(life: LifeOptions): Promise<{ readonly code: number; readonly acting: boolean }> {
  const { home, store, clock, log, playbooks } = life;
  let loaded = life.loaded;
  let plan = await life.compile(loaded);
  let found: Snapshot['found'] = { listeners: [], logFolders: [] };
  const seen = new Set<string>();
  const stopping = untilStopped();
  life.options.pass?.signal.addEventListener('abort', () => stopping.stop('the end of its pass'), { once: true });

  const inbox = createInbox({
    world: { state: store.state, latest: {} },
    plan: () => plan,
    now: clock.now,
    save: (state) => store.saveState({ ...state, clock: clock.stamp() }),
    perform: (wished, saved) => effects.perform(wished, saved),
    isOld: (event) => event.type === 'looked' && looks.isOld(event.result),
    onChange: (changed) => publisher.publish(changed),
    onFault: (error, event) =>
      log.error(
        { problem: String(error), stack: error instanceof Error ? error.stack : undefined, event: event.type },
        'judge broke',
      ),
  });
  const push = (event: Event): void => {
    pulse.notice();
    inbox.push(event);
  };
  const recent = createRecent();
  const looks = createLooks({
    home: home.path,
    now: clock.now,
    world: inbox.world,
    push,
    lookSoon: (checks, afterMs) => scheduler.lookSoon(checks, afterMs),
    remember: (result, everyMs) => {
      seen.add(result.check);
      recent.add(result, everyMs);
      const point = figureOf(result);
      if (point !== undefined) store.history.append({ ...point, everyMs });
    },
  });
  const scheduler = createScheduler(looks.look);
  const publisher = await createPublisher({
    home,
    store,
    clock,
    log,
    inbox,
    version: life.options.version,
    startedAt: clock.now().at,
    host: readHostFacts(),
    plan: () => plan,
    found: () => found,
    configTrouble: () => config.trouble(),
    configRefused: () => config.refused(),
    playbooksRefused: playbooks.refused,
    configNotices: () => [...config.notices(), ...playbooks.notices()],
    stopping: stopping.why,
    recent: recent.of,
  });
  const action = async (name: string) => actionNamed(name);
  const { operations, answer } = createOperations({
    home: home.path,
    inbox,
    store,
    action,
    plan: () => plan,
    now: clock.now,
    snapshot: publisher.snapshot,
    metrics: () =>
      renderMetrics(publisher.snapshot(), {
        lagP50Ms: scheduler.lagMs(0.5),
        lagP99Ms: scheduler.lagMs(0.99),
        looks: looks.count(),
      }),
    lookNow: looks.lookNow,
    hasLooked: () => Object.keys(plan.checks).every((check) => seen.has(check)),
    stop: stopping.stop,
    underWay: () => effects.underWay(),
    queued: publisher.queueChanged,
  });
  const oomKills = createOomKills();
  oomKills.note(monotonicMs());
  const effects = createEffects({
    oomKills,
    plan: () => plan,
    store,
    scheduler,
    log,
    action,
    answer,
    hands: { home: home.path, say: (line) => log.info({ line }, 'runs') },
    push,
    queued: publisher.queueChanged,
    ending: stopping.signal,
  });
  const inTurn = oneAtATime();
  /** With the config in force, when it is something else that has changed. */
  const use = (changed?: LoadedConfig): Promise<void> =>
    inTurn(async () => {
      loaded = changed ?? loaded;
      plan = await life.compile(loaded);
      looks.use(plan);
      inbox.push({ type: 'plan-changed' });
      scheduler.use(plan);
    });
  const config = readConfigChanges({
    source: { home: home.path, file: life.options.configFile },
    loaded: life.loaded,
    signal: stopping.signal,
    log,
    use,
    onTrouble: () => publisher.publish(true),
  });
  playbooks.follow({ signal: stopping.signal, log, onChange: () => use().then(() => publisher.publish(true)) });

  const server = await serveOperations({
    socketPath: home.paths.socket,
    operations,
    onFault: (error) => log.error({ problem: String(error) }, 'request broke'),
  });
  log.info(
    {
      version: life.options.version,
      pid: process.pid,
      mode: plan.mode,
      configured: plan.configured,
      targets: Object.keys(plan.targets).length,
    },
    'daemon started',
  );
  const watchdog = startWatchdog({
    notify: findNotify(),
    overdueMs: scheduler.overdueMs,
    monotonicMs,
    onUnheard: () => log.warn('systemd did not hear us'),
  });
  const pulse = startPulse(
    () => {
      inbox.push({ type: 'ticked' });
      publisher.tick();
      watchdog.beat();
    },
    (awayMs) => inbox.push({ type: 'resumed', awayMs }),
  );
  looks.use(plan);
  inbox.push({ type: 'booted', sinceBootMs: clock.stamp().uptimeMs });
  scheduler.use(plan);
  watchdog.ready();
  const sweep = async (): Promise<void> => {
    found = await lookAround(homedir());
    publisher.publish(false);
  };
  const timers = [
    followGateways({ loaded: () => loaded, onChange: use, log }),
    every(SWEEP_MS, () => {
      scheduler.lookSoon(Object.keys(plan.checks), 0);
      void sweep();
    }),
    every(UPKEEP_MS, () => {
      inbox.push({ type: 'upkeep' });
      void store.upkeep().then(publisher.queueChanged);
      void keepGoodFiles({ home: home.path, plan, state: inbox.world().state, now: clock.now(), log });
      forgetAllBut(new Set(Object.values(inbox.world().state.targets).flatMap(({ tracked }) => tracked?.pid ?? [])));
    }),
    every(OOM_KILLS_MS, () => oomKills.note(monotonicMs())),
    every(SERVICE_LOGS_MS, () => tendServiceLogs(store, home.paths.serviceLogs, log)),
  ];
  const daily = await startDailyJobs({ store, log, tz: readHostFacts().tz, now: () => clock.now().at });
  void sweep();

  const why = await stopping.stopped;
  log.info({ by: why.by }, 'daemon stopping');
  void watchdog.stopping();
  pulse.stop();
  daily.stop();
  for (const timer of timers) clearInterval(timer);
  scheduler.stop();
  inbox.push({ type: 'stopping' });
  // First what was judged before: it may only now be begun.
  await inbox.settled();
  // A service that is stopped must be started again, however long its stop may take.
  const allEnded = await effects.ended();
  if (!allEnded) log.error({ acts: effects.underWay() }, 'an action hangs');
  await inbox.settled();
  await publisher.close();
  await server.close();
  return { code: 0, acting: !allEnded };
}

function every(ms: number, run: () => void): NodeJS.Timeout {
  return setInterval(run, ms);
}
