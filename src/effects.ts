import type { ActionContext, ActionOutcome } from './action.ts';
import type { Event } from './core/events.ts';
import type { Plan } from './core/plan.ts';
import type { Effect } from './core/turn.ts';
import type { Trouble } from './core/types.ts';
import { either } from './host/abortable.ts';
import { monotonicMs, wallMs } from './host/clock.ts';
import { createHands, type HandsOptions } from './host/hands.ts';
import type { OomKills } from './host/oom-kills.ts';
import { ofMemory, tellEnd } from './how-it-ended.ts';
import type { Log } from './log.ts';
import type { Scheduler } from './scheduler.ts';
import type { Store } from './store/store.ts';
import { surveyTarget } from './survey-target.ts';
import { createUnderWay } from './under-way.ts';

export type Runner = { readonly run: (options: unknown, context: ActionContext) => Promise<ActionOutcome> };
export type Reply = Extract<Effect, { type: 'answer' }>['answer'];

export type EffectOptions = {
  readonly plan: () => Plan;
  readonly store: Store;
  readonly scheduler: Pick<Scheduler, 'lookSoon'>;
  readonly log: Log;
  readonly action: (name: string) => Promise<Runner | undefined>;
  readonly hands: Omit<HandsOptions, 'dryRun' | 'onExit'>;
  readonly push: (event: Event) => void;
  readonly answer: (request: number, reply: Reply) => void;
  /** The pending queue has changed. */
  readonly queued: () => void;
  /** What the kernel killed lately. */
  readonly oomKills?: Pick<OomKills, 'lately'>;
  /** Aborts when the daemon is to end: an action that has not begun to change anything does not begin then. */
  readonly ending: AbortSignal;
};

/** The log says these by itself. */
const IN_LOG_ALREADY: readonly string[] = ['daemon-started', 'config-loaded'];

/** Performs what the judge wished. Every outcome comes back through the inbox; nothing is decided here. */
export function createEffects(options: EffectOptions) {
  const { push, log, store } = options;
  const running = new Set<Promise<void>>();
  const underWay = createUnderWay();

  function perform(effects: readonly Effect[], saved: boolean): void {
    for (const effect of effects) performOne(effect, saved);
  }

  function performOne(effect: Effect, saved: boolean): void {
    switch (effect.type) {
      case 'look':
        return options.scheduler.lookSoon(effect.checks, effect.afterMs);
      case 'survey':
        return void survey(effect);
      case 'run':
        return track(run(effect, saved));
      case 'alert':
        return void queue(effect.alert);
      case 'audit':
        return record(effect.entry);
      case 'answer':
        return options.answer(effect.request, effect.answer);
    }
  }

  function track(work: Promise<void>): void {
    running.add(work);
    void work.finally(() => running.delete(work));
  }

  /** When no action is at work any more, also none that was given up; false when one hangs. */
  async function ended(): Promise<boolean> {
    await settled();
    const allEnded = await underWay.ended();
    await settled();
    return allEnded;
  }

  async function settled(): Promise<void> {
    await Promise.allSettled([...running]);
  }

  async function run(effect: Extract<Effect, { type: 'run' }>, saved: boolean): Promise<void> {
    const { target, purpose, step } = effect;
    const outcome = saved || mayActUnsaved(target) ? await act(effect) : refusedUnsaved();
    log[outcome.outcome === 'failed' ? 'warn' : 'info'](
      {
        target,
        action: step.action,
        purpose: purpose.kind,
        outcome: outcome.outcome,
        did: outcome.did,
        code: outcome.trouble?.code,
      },
      'action ended',
    );
    push({ type: 'stepped', target, purpose, outcome });
  }

  /** An intent that is not on disk is not acted upon, except where the act is what makes room on the disk. */
  function mayActUnsaved(target: string): boolean {
    const kind = options.plan().targets[target]?.kind;
    return kind === 'disk' || kind === 'logs';
  }

  async function act(effect: Extract<Effect, { type: 'run' }>): Promise<ActionOutcome> {
    const { target, step, reason, tracked, owner, asked = false } = effect;
    const hands = createHands({
      ...options.hands,
      dryRun: false,
      onExit: tellEnd(target, step.options, options),
    });
    const deadline = AbortSignal.timeout(step.timeoutMs);
    const { signal, forget } = either(deadline, options.ending);
    try {
      const runner = await options.action(step.action);
      if (runner === undefined) return failed('INTERNAL', `there is no action "${step.action}"`, 'Please report this.');
      const nowMs = wallMs();
      const context = { target, reason, tracked, owner, asked, hands, signal, nowMs, home: options.hands.home };
      if (effect.purpose.kind === 'inform')
        return await withDeadline(runner.run(step.options, context), deadline, step.action);
      if (underWay.isAt(target)) return stillAtWork(target);
      const under = { target, action: step.action, byMs: monotonicMs() + step.timeoutMs };
      return await withDeadline(underWay.follow(under, runner.run(step.options, context)), deadline, step.action);
    } catch (error) {
      return failed(
        'INTERNAL',
        `${step.action} broke: ${error instanceof Error ? error.message : String(error)}`,
        'Please report this.',
      );
    } finally {
      forget();
    }
  }

  async function survey({ target, tracked, owner, logBytes }: Extract<Effect, { type: 'survey' }>): Promise<void> {
    const { ended, ...survey } = await surveyTarget(options.plan(), target, { tracked, owner, logBytes });
    push({
      type: 'surveyed',
      target,
      ...survey,
      ...(ended === undefined ? {} : { ended: { ...ended, ...ofMemory(ended, options.oomKills) } }),
    });
  }

  async function queue(alert: Extract<Effect, { type: 'alert' }>['alert']): Promise<void> {
    try {
      await store.alerts.add(alert);
      log.info(
        { target: alert.target, incident: alert.incident, kind: alert.kind, title: alert.title },
        'alert queued',
      );
      push({ type: 'alert-queued', id: alert.id });
      options.queued();
    } catch (error) {
      // It stays in the outbox and is queued again with the next upkeep, or at the next start.
      log.error({ target: alert.target, id: alert.id, problem: String(error) }, 'alert not queued');
    }
  }

  function record(entry: Extract<Effect, { type: 'audit' }>['entry']): void {
    const { event, target, incident, text, detail, by } = entry;
    if (!IN_LOG_ALREADY.includes(event)) log.info({ event, target, incident, text, detail, by }, 'told');
    const line = { kind: event, text: detail === undefined ? text : `${text}: ${detail}` };
    const about = { ...(target === undefined ? {} : { target }), ...(incident === undefined ? {} : { incident }) };
    store.audit.append({ ...line, ...about, by: by ?? 'daemon' }, wallMs()).catch((error: unknown) => {
      log.error({ event, problem: String(error) }, 'audit not written');
    });
  }

  return { perform, settled, ended, underWay: underWay.list };
}

function refusedUnsaved(): ActionOutcome {
  return failed(
    'SAVE_FAILED',
    'it could not be written down first, so it was not done',
    'Free some space on the disk of the home folder.',
  );
}

function stillAtWork(target: string): ActionOutcome {
  return failed(
    'TRY_LATER',
    `an earlier action on ${target} has not come to its end, so nothing was done beside it`,
    'See what it waits for; it was given up when its time was over or when a person stopped it.',
  );
}

function failed(code: string, message: string, hint: string): ActionOutcome {
  const trouble: Trouble = { code, message, hint };
  return { outcome: 'failed', did: [], trouble };
}

async function withDeadline(work: Promise<ActionOutcome>, signal: AbortSignal, action: string): Promise<ActionOutcome> {
  const late = new Promise<ActionOutcome>((resolve) => {
    const give = () =>
      resolve(
        failed(
          'EXEC_TIMED_OUT',
          `${action} did not come to an end in time`,
          'See what it waits for; its step has a timeout.',
        ),
      );
    signal.addEventListener('abort', give, { once: true });
  });
  return await Promise.race([work, late]);
}
