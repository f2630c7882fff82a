import { createBeliefLog } from './belief-log.ts';
import { createChanges } from './changes.ts';
import type { HistoryView } from './core/history-view.ts';
import { overview } from './core/overview.ts';
import type { Plan } from './core/plan.ts';
import type { RecentView, Snapshot } from './core/snapshot.ts';
import type { Alert } from './core/state.ts';
import type { TargetId } from './core/types.ts';
import { createHistoryTurns } from './history-turns.ts';
import type { Clock } from './host/clock.ts';
import { createCpuMeter } from './host/cpu.ts';
import type { HostFacts } from './host/host-facts.ts';
import { startCommand } from './host/short-name.ts';
import type { Inbox } from './inbox.ts';
import type { Log } from './log.ts';
import { PAGE_TIMES } from './page/due.ts';
import { loadTemplate } from './page/template.ts';
import { createPageWriter } from './page/write.ts';
import { readHistoryView } from './read-history-view.ts';
import type { Home } from './store/home.ts';
import type { Store } from './store/store.ts';
import { renderHealthText } from './text/health-text.ts';
import type { Stopping } from './until-stopped.ts';
import { createVitals } from './vitals.ts';
import { writePageFile } from './write-page-file.ts';

export type PublisherOptions = {
  readonly home: Home;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly inbox: Inbox;
  readonly version: string;
  readonly startedAt: number;
  readonly host: HostFacts;
  readonly plan: () => Plan;
  readonly found: () => Snapshot['found'];
  readonly configTrouble: () => string | undefined;
  readonly configRefused: () => string | undefined;
  readonly playbooksRefused: () => string | undefined;
  readonly configNotices: () => Snapshot['daemon']['notices'];
  readonly stopping: () => Stopping | undefined;
  /** The newest results of a target, newest first. */
  readonly recent: (target: TargetId) => readonly RecentView[];
};

/** Makes the one snapshot and keeps the files that carry it fresh. */
export async function createPublisher(options: PublisherOptions) {
  const { home, store, clock } = options;
  const startHint = startCommand(process.env, home.path);
  let pending: readonly Alert[] = await store.alerts.pending();
  let seq = 0;
  let closed = false;
  let history: HistoryView | undefined;
  const writer = createPageWriter({
    folder: home.path,
    template: await loadTemplate(),
    write: writePageFile,
    renderText: (snapshot) => renderHealthText(snapshot, snapshot.writtenAt, history),
    steadyMs: () => clock.now().steady,
    onTrouble: (file, error) => options.log.warn({ file, problem: String(error) }, 'page not written'),
  });

  const { world } = options.inbox;
  const beliefs = createBeliefLog({ append: store.history.append, world, plan: options.plan });
  const vitals = createVitals({ readCpu: createCpuMeter(), world, plan: options.plan, append: store.history.append });
  const past = createHistoryTurns({
    state: () => world().state,
    read: (now) => readHistoryView(store.history, options.plan(), now, Object.values(world().state.incidents)),
    use: (read) => {
      if (closed) return;
      history = read;
      vitals.learn(read);
      writer.publishHistory(read);
    },
    onTrouble: (error) => options.log.warn({ problem: String(error) }, 'history not read'),
  });
  const { bootAt } = options.host;
  const changes = createChanges({ bootAt, startedAt: options.startedAt, plan: options.plan() });

  function snapshot(): Snapshot {
    const now = clock.now();
    const plan = options.plan();
    changes.notePlan(plan, now.at);
    const trouble = options.configTrouble();
    const refused = options.configRefused();
    const playbooksRefused = options.playbooksRefused();
    const why = options.stopping();
    const ended = closed && why !== undefined ? { stoppedAt: now.at, reason: why.by } : {};
    return overview(
      options.inbox.world(),
      plan,
      {
        everyMs: PAGE_TIMES.dataEveryMs,
        seq: ++seq,
        host: { name: options.host.name, tz: options.host.tz, bootAt: options.host.bootAt },
        daemon: {
          version: options.version,
          pid: process.pid,
          startedAt: options.startedAt,
          rssBytes: process.memoryUsage.rss(),
          state: closed ? 'stopped' : why === undefined ? 'running' : 'stopping',
          startHint,
          home: home.path,
          mode: plan.mode,
          configured: plan.configured,
          notices: [...store.notices(), ...options.configNotices()],
          ...ended,
          ...(trouble === undefined ? {} : { configTrouble: trouble }),
          ...(refused === undefined ? {} : { configRefused: refused }),
          ...(playbooksRefused === undefined ? {} : { playbooksRefused }),
        },
        vitals: vitals.view(),
        found: options.found(),
        alerts: { pending },
      },
      now,
      { recent: options.recent, changes: changes.list() },
    );
  }

  function publish(stateChanged: boolean): void {
    // A look that changed nothing is no reason to render; the pulse publishes in the page's own rhythm.
    if (!stateChanged) return;
    beliefs.changed(clock.now());
    writer.publish(snapshot(), { stateChanged: true });
  }

  function tick(): void {
    const now = clock.now();
    beliefs.tick(now);
    vitals.tick(now);
    past.tick(now);
    if (writer.isDue()) writer.publish(snapshot(), { stateChanged: false });
  }

  async function refreshQueue(): Promise<void> {
    const before = pending;
    pending = await store.alerts.pending();
    if (before.length !== pending.length) publish(true);
  }

  async function close(): Promise<void> {
    closed = true;
    beliefs.end(clock.now().at);
    writer.publish(snapshot(), { stateChanged: true });
    await writer.flush();
  }

  return { snapshot, publish, tick, close, queueChanged: () => void refreshQueue() };
}
