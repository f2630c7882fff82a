import type { Event, StepOutcome, Wish } from '../../src/core/events.ts';
import { judge } from '../../src/core/judge.ts';
import type { CheckPlan, Plan } from '../../src/core/plan.ts';
import type { Alert, World } from '../../src/core/state.ts';
import type { AuditNote, Effect } from '../../src/core/turn.ts';
import type { Reason, Result, Status, TrackedProcess } from '../../src/core/types.ts';
import { initialState } from '../../src/store/state.ts';

export type Condition = 'up' | 'dead' | 'hung' | 'failing' | 'blind' | 'foreign' | 'limited' | 'booting';
export type Start = 'up' | 'boots' | 'leaves' | 'refuses' | 'exits' | 'exits-78';
/** Where the daemon dies: before its state is on disk, or after so many of the effects that follow. */
export type Crash = { readonly inEvents: number; readonly after: 'nothing' | number };

/** What was really done, written down beside the product. Times are steady milliseconds. */
export type Act = {
  readonly t: number;
  readonly target: string;
  readonly kind: 'attempt' | 'bring-up';
  readonly attempt: string;
  readonly step: number;
  readonly try: number;
  readonly manual: boolean;
  readonly forced: boolean;
  readonly incident: string | undefined;
  /** Acts that had not come back when this one began; of those of its own kind on other targets, how many. */
  readonly underWay: readonly string[];
  readonly ofItsKind: number;
  readonly seen: readonly Status[];
};
export type Told = { readonly t: number; readonly alert: Alert };
export type Noted = { readonly t: number; readonly entry: AuditNote };

type Service = { condition: Condition; start: Start; pid: number; bootsUntil: number };
type Due = { readonly at: number; readonly life: number; readonly event: () => Event };

const SEEN: Readonly<Record<Exclude<Condition, 'booting'>, readonly [Status, Reason, boolean]>> = {
  up: ['ok', 'fine', false],
  dead: ['critical', 'refused', true],
  hung: ['critical', 'silent', true],
  failing: ['critical', 'failing', false],
  blind: ['unknown', 'cannot-look', false],
  foreign: ['critical', 'silent', true],
  limited: ['warning', 'rate-limited', false],
};

/** A host in strides: time passes by jumps, every check looks once in each, and what is due by then has come. */
export class StridingHost {
  world: World = { state: initialState(), latest: {} };
  plan: Plan;
  steady = 1_000_000;
  wall = 1_772_366_400_000;
  crash: Crash | undefined;
  readonly services = new Map<string, Service>();
  readonly acts: Act[] = [];
  readonly told: Told[] = [];
  readonly notes: Noted[] = [];
  readonly answers: { readonly t: number; readonly wish: Wish; readonly ok: boolean }[] = [];
  readonly work = new Set<string>();
  private life = 0;
  /** Steady time added to every objective by sleep. */
  readonly away: { readonly t: number; readonly ms: number }[] = [];
  judged: (world: World, event: Event, plan: Plan, now: { at: number; steady: number }) => void = () => {};
  private due: Due[] = [];
  private readonly acting = new Map<string, Act['kind'] | 'stopped'>();
  private readonly seen = new Map<string, Status>();
  private looks = 0;
  private pids = 10;
  private wish: Wish | undefined;

  constructor(plan: Plan) {
    this.plan = plan;
    for (const id of Object.keys(plan.targets))
      this.services.set(id, { condition: 'up', start: 'up', pid: this.pids++, bootsUntil: 0 });
  }

  boot(): void {
    this.life++;
    this.due = [];
    this.acting.clear();
    this.seen.clear();
    this.crash = undefined;
    this.world = { state: this.world.state, latest: {} };
    this.send({ type: 'booted', sinceBootMs: 86_400_000 });
  }

  ask(wish: Wish): void {
    this.wish = wish;
    // What a person has stopped while it acted goes on to its end, and counts for nothing else.
    const stopped = wish.type === 'stop-incident' ? this.world.state.incidents[wish.incident]?.target : undefined;
    if (stopped !== undefined && this.acting.has(stopped)) this.acting.set(stopped, 'stopped');
    this.send({ type: 'asked', request: 1, by: 'ada', wish });
    this.wish = undefined;
  }

  sleep(ms: number): void {
    this.steady += ms;
    this.wall += ms;
    this.seen.clear();
    this.away.push({ t: this.steady, ms });
    this.send({ type: 'resumed', awayMs: ms });
  }

  /** Time passes, in strides of this length. */
  stride(count: number, ms: number): void {
    for (let i = 0; i < count; i++) {
      this.steady += ms;
      this.wall += ms;
      this.deliver();
      for (const check of Object.values(this.plan.checks)) this.look(check);
      this.deliver();
      this.send({ type: 'ticked' });
      this.deliver();
    }
  }

  private deliver(): void {
    for (let i = 0; i < 20; i++) {
      const ready = this.due.filter(({ at }) => at <= this.steady);
      if (ready.length === 0) return;
      this.due = this.due.filter(({ at }) => at > this.steady);
      for (const { life, event } of ready) if (life === this.life) this.send(event());
    }
  }

  private later(ms: number, event: () => Event): void {
    this.due.push({ at: this.steady + ms, life: this.life, event });
  }

  private service(id: string): Service {
    let service = this.services.get(id);
    if (service === undefined) {
      service = { condition: 'up', start: 'up', pid: this.pids++, bootsUntil: 0 };
      this.services.set(id, service);
    }
    return service;
  }

  look(check: CheckPlan): void {
    const service = this.service(check.target);
    if (service.condition === 'booting' && this.steady >= service.bootsUntil) service.condition = 'up';
    const condition = service.condition === 'booting' ? 'dead' : service.condition;
    let [status, reason, silent] = SEEN[condition];
    let evidence: Result['evidence'] = 'suspect';
    const isProcess = check.name === 'process';
    if (isProcess && condition !== 'blind') {
      const isGone = service.condition === 'dead' && this.world.state.targets[check.target]?.tracked !== undefined;
      if (service.condition === 'dead')
        [status, reason] = isGone ? ['critical', 'gone'] : ['idle', 'nothing-to-look-at'];
      else if (condition === 'foreign') [status, reason] = ['critical', 'foreign'];
      else [status, reason] = ['ok', 'fine'];
      silent = false;
      if (isGone) evidence = 'definite';
    }
    this.seen.set(check.id, status);
    const result: Result = {
      check: check.id,
      target: check.target,
      look: ++this.looks,
      status,
      reason,
      silent,
      evidence,
      message: reason,
      metrics: {},
      at: this.wall,
      steady: this.steady,
      tookMs: 1,
      ...(isProcess && status === 'ok' ? { process: processOf(service.pid) } : {}),
    };
    this.send({ type: 'looked', result });
  }

  send(event: Event): void {
    const before = this.world;
    const now = { at: this.wall, steady: this.steady };
    this.judged(before, event, this.plan, now);
    const { world, effects } = judge(before, event, this.plan, now);
    const dies = this.crash !== undefined && this.crash.inEvents <= 0 ? this.crash.after : undefined;
    if (this.crash !== undefined) this.crash = { ...this.crash, inEvents: this.crash.inEvents - 1 };
    if (dies === 'nothing') return this.boot();
    this.world = world;
    for (const [index, effect] of effects.entries()) {
      if (dies !== undefined && index >= dies) break;
      this.perform(effect);
    }
    if (dies !== undefined) this.boot();
  }

  private perform(effect: Effect): void {
    switch (effect.type) {
      case 'survey': {
        const found = this.work.has(effect.target) ? [{ kind: 'work', text: 'npm install runs' } as const] : [];
        return this.later(0, () => ({ type: 'surveyed', target: effect.target, found }));
      }
      case 'run':
        return this.run(effect);
      case 'alert':
        if (!this.told.some(({ alert }) => alert.id === effect.alert.id))
          this.told.push({ t: this.steady, alert: effect.alert });
        return this.later(0, () => ({ type: 'alert-queued', id: effect.alert.id }));
      case 'audit':
        this.notes.push({ t: this.steady, entry: effect.entry });
        return;
      case 'answer':
        if (this.wish !== undefined) this.answers.push({ t: this.steady, wish: this.wish, ok: effect.answer.ok });
        return;
      case 'look':
        return;
    }
  }

  private run(effect: Extract<Effect, { type: 'run' }>): void {
    const { target, purpose } = effect;
    if (purpose.kind !== 'inform') {
      const state = this.world.state.targets[target];
      const steps = state?.attempts.at(-1)?.steps ?? [];
      this.acts.push({
        t: this.steady,
        target,
        kind: purpose.kind,
        attempt: purpose.kind === 'attempt' ? purpose.attempt : '',
        step: Number(effect.step.action.slice(5)),
        try: steps.at(-1)?.try ?? 0,
        manual: effect.asked === true,
        forced: state?.attempts.at(-1)?.forced === true,
        incident: state?.incident,
        underWay: [...this.acting.keys()],
        ofItsKind: [...this.acting.values()].filter((kind) => kind === purpose.kind).length,
        seen: Object.values(this.plan.checks).flatMap(({ id, target: of }) =>
          of === target ? (this.seen.get(id) ?? []) : [],
        ),
      });
      this.acting.set(target, purpose.kind);
    }
    this.later(20, () => {
      this.acting.delete(target);
      return { type: 'stepped', target, purpose, outcome: this.outcomeOf(target) };
    });
  }

  private outcomeOf(target: string): StepOutcome {
    const service = this.service(target);
    const trouble = { code: 'START_FAILED', message: 'no', hint: '' };
    if (service.start === 'refuses') return { outcome: 'refused', did: [], trouble };
    if (service.start === 'leaves') return { outcome: 'done', did: ['Started it'] };
    if (service.start === 'exits' || service.start === 'exits-78') {
      service.condition = 'dead';
      return { outcome: 'failed', did: [], exitCode: service.start === 'exits' ? 1 : 78, lastLines: [], trouble };
    }
    service.pid = this.pids++;
    service.condition = service.start === 'up' ? 'up' : 'booting';
    service.bootsUntil = this.steady + 120_000;
    return { outcome: 'done', did: ['Started it'], process: processOf(service.pid) };
  }
}

function processOf(pid: number): TrackedProcess {
  const startToken = String(pid);
  return { pid, startToken, command: 'app', cwd: '/srv', hadTerminal: false, proven: true, ownGroup: undefined };
}
