import type { Wish } from './core/events.ts';
import type { Plan } from './core/plan.ts';
import type { Snapshot } from './core/snapshot.ts';
import type { Now, Result } from './core/types.ts';
import { sayDuration } from './core/units.ts';
import { sayAction } from './core/words.ts';
import type { Reply, Runner } from './effects.ts';
import { PersonError } from './errors.ts';
import { monotonicMs } from './host/clock.ts';
import type { Answer, Operations } from './http/operations.ts';
import type { Inbox } from './inbox.ts';
import { rehearse } from './rehearse.ts';
import type { Store } from './store/store.ts';
import { surveyTarget } from './survey-target.ts';

export type OperationOptions = {
  readonly home: string;
  readonly plan: () => Plan;
  readonly now: () => Now;
  readonly inbox: Inbox;
  readonly store: Store;
  readonly action: (name: string) => Promise<Runner | undefined>;
  readonly snapshot: () => Snapshot;
  readonly metrics: () => string;
  /** Looks at these checks now and waits for them. */
  readonly lookNow: (checks: readonly string[]) => Promise<readonly Result[]>;
  readonly hasLooked: () => boolean;
  readonly stop: (by: string) => void;
  /** Actions at work, with the monotonic time by which their step is over. */
  readonly underWay: () => readonly { readonly target: string; readonly action: string; readonly byMs: number }[];
  /** The pending queue has changed. */
  readonly queued: () => void;
};

/** The daemon's side of the socket. Wishes go through the inbox like everything else. */
export function createOperations(options: OperationOptions): {
  readonly operations: Operations;
  readonly answer: (request: number, reply: Reply) => void;
} {
  const { inbox, store } = options;
  const waiting = new Map<number, (reply: Reply) => void>();
  let requests = 0;

  function ask(wish: Wish, by: string): Promise<Answer> {
    const request = ++requests;
    return new Promise((resolve) => {
      waiting.set(request, resolve);
      inbox.push({ type: 'asked', request, by, wish });
    });
  }

  function answer(request: number, reply: Reply): void {
    waiting.get(request)?.(reply);
    waiting.delete(request);
  }

  const operations: Operations = {
    snapshot: options.snapshot,
    ready: () => {
      const trouble = store.trouble();
      if (trouble !== undefined) return { ready: false, because: `state cannot be saved: ${trouble}` };
      return options.hasLooked()
        ? { ready: true, because: 'it has looked and its state is writable' }
        : { ready: false, because: 'the first looks are under way' };
    },
    metrics: options.metrics,
    runChecks: (targets) => options.lookNow(checksFor(options.plan(), targets)),
    recover: async (target, { playbook, dryRun, force, by }) => {
      if (dryRun) return await rehearse(options, { type: 'recover', target, playbook, force }, by);
      await surveyFirst(options, target);
      return await ask({ type: 'recover', target, playbook, force }, by);
    },
    hold: (scope, { forMs, reason, silent, by }) => ask({ type: 'hold', scope, forMs, reason, silent }, by),
    release: (scope, by) => ask({ type: 'release', scope }, by),
    silence: (scope, { forMs, by }) => ask({ type: 'silence', scope, forMs }, by),
    unsilence: (scope, by) => ask({ type: 'unsilence', scope }, by),
    ackIncident: (incident, by) => ask({ type: 'ack', incident }, by),
    stopIncident: (incident, by) => ask({ type: 'stop-incident', incident }, by),
    alerts: (all) => (all ? store.alerts.all() : store.alerts.pending()),
    takeAlerts: async (by, receipt) => {
      const taken = await store.alerts.take(by, receipt);
      options.queued();
      return taken;
    },
    ackAlert: async (id, by) => {
      const taken = await store.alerts.ack(id, by);
      options.queued();
      if (taken === undefined)
        throw new PersonError('ALERT_UNKNOWN', `No alert "${id}" is pending.`, 'See: jarvis-health alerts');
      return { ok: true, text: `Alert ${id} is acknowledged.` };
    },
    stop: (by) => {
      options.stop(by);
      const acts = options.underWay();
      if (acts.length === 0) return { text: 'The daemon is ending.', withinMs: 0 };
      const what = acts.map(({ target, action }) => `${target} (${sayAction(action)})`).join(', ');
      const withinMs = Math.max(0, ...acts.map(({ byMs }) => Math.ceil(byMs - monotonicMs())));
      const atMost = sayDuration(Math.ceil(withinMs / 1000) * 1000);
      return { text: `The daemon ends when it is done with ${what}, in ${atMost} at most.`, withinMs };
    },
  };
  return { operations, answer };
}

function checksFor(plan: Plan, targets: readonly string[] | undefined): readonly string[] {
  const unknown = targets?.find((target) => plan.targets[target] === undefined);
  if (unknown !== undefined) {
    throw new PersonError(
      'TARGET_UNKNOWN',
      `There is no target "${unknown}".`,
      `Known targets: ${Object.keys(plan.targets).join(', ')}.`,
    );
  }
  return Object.values(plan.checks).flatMap((check) =>
    targets === undefined || targets.includes(check.target) ? [check.id] : [],
  );
}

/** A person's wish is gated by the same facts about work under way as the daemon's own. */
async function surveyFirst(options: OperationOptions, target: string): Promise<void> {
  const plan = options.plan().targets[target];
  if (plan === undefined || plan.playbooks.length + plan.byHand.length === 0) return;
  const { tracked, owner } = options.inbox.world().state.targets[target] ?? {};
  options.inbox.push({ type: 'surveyed', target, ...(await surveyTarget(options.plan(), target, { tracked, owner })) });
}
