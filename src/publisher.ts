import { overview } from './core/overview.ts';
import type { Plan } from './core/plan.ts';
import type { Snapshot } from './core/snapshot.ts';
import type { Alert } from './core/state.ts';
import type { Clock } from './host/clock.ts';
import type { HostFacts } from './host/host-facts.ts';
import { startCommand } from './host/short-name.ts';
import type { Inbox } from './inbox.ts';
import type { Log } from './log.ts';
import { PAGE_TIMES } from './page/due.ts';
import { loadTemplate } from './page/template.ts';
import { createPageWriter } from './page/write.ts';
import type { Home } from './store/home.ts';
import type { Store } from './store/store.ts';
import { renderHealthText } from './text/health-text.ts';
import type { Stopping } from './until-stopped.ts';
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
  readonly stopping: () => Stopping | undefined;
};

/** Makes the one snapshot and keeps the files that carry it fresh. */
export async function createPublisher(options: PublisherOptions) {
  const { home, store, clock } = options;
  const startHint = startCommand(process.env, home.path);
  let pending: readonly Alert[] = await store.alerts.pending();
  let seq = 0;
  let closed = false;
  let publishedAt = Number.NEGATIVE_INFINITY;
  const writer = createPageWriter({
    folder: home.path,
    template: await loadTemplate(),
    write: writePageFile,
    renderText: (snapshot) => renderHealthText(snapshot, snapshot.writtenAt),
    steadyMs: () => clock.now().steady,
    onTrouble: (file, error) => options.log.warn({ file, problem: String(error) }, 'page not written'),
  });

  function snapshot(): Snapshot {
    const now = clock.now();
    const plan = options.plan();
    const trouble = options.configTrouble();
    const refused = options.configRefused();
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
          notices: store.notices(),
          ...ended,
          ...(trouble === undefined ? {} : { configTrouble: trouble }),
          ...(refused === undefined ? {} : { configRefused: refused }),
        },
        found: options.found(),
        alerts: { pending },
      },
      now,
    );
  }

  function publish(stateChanged: boolean): void {
    // A look that changed nothing is no reason to render; the pulse publishes in the page's own rhythm.
    if (!stateChanged) return;
    publishedAt = clock.now().steady;
    writer.publish(snapshot(), { stateChanged: true });
  }

  function tick(): void {
    if (clock.now().steady - publishedAt < PAGE_TIMES.dataEveryMs - PAGE_TIMES.slackMs) return;
    publishedAt = clock.now().steady;
    writer.publish(snapshot(), { stateChanged: false });
  }

  async function refreshQueue(): Promise<void> {
    const before = pending;
    pending = await store.alerts.pending();
    if (before.length !== pending.length) publish(true);
  }

  async function close(): Promise<void> {
    closed = true;
    writer.publish(snapshot(), { stateChanged: true });
    await writer.flush();
  }

  return { snapshot, publish, tick, close, queueChanged: () => void refreshQueue() };
}
