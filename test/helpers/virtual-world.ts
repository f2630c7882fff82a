import type { Event, StepOutcome } from '../../src/core/events.ts';
import { judge } from '../../src/core/judge.ts';
import { isNews } from '../../src/core/news.ts';
import type { Owner } from '../../src/core/owner.ts';
import type { CheckPlan, Plan } from '../../src/core/plan.ts';
import type { Alert, World } from '../../src/core/state.ts';
import type { Effect } from '../../src/core/turn.ts';
import type { Reason, Result, Status } from '../../src/core/types.ts';
import { initialState } from '../../src/store/state.ts';

/** What a sketched service does; the story changes it as it goes. */
export type Condition =
  | 'up'
  | 'dead'
  | 'hung'
  | 'failing'
  | 'booting'
  | 'foreign'
  | 'blind'
  | 'unmatched'
  | 'no-upstream'
  | 'limited'
  | 'slow';
/** `leaves`: the command ends well, its work is nowhere to be seen, and nobody listens. */
export type Start =
  | 'up'
  | { readonly exit: number; readonly hint?: string; readonly said?: string; readonly code?: string }
  | { readonly bootMs: number }
  | 'refused'
  | 'leaves';
type Service = {
  condition: Condition;
  pid: number;
  bornAt: number;
  start: (nth: number) => Start;
  starts: number;
  terminal: boolean;
};

type OwnerSays = Pick<Extract<Event, { type: 'surveyed' }>, 'found' | 'ended' | 'fullDisk'>;

const NO_FIGURES = (): Record<string, number> => ({});

/** A line of what happened: seconds since the story began, and what. */
export type Line = { readonly t: number; readonly what: string };

const START = { at: Date.parse('2026-03-01T12:00:00Z'), steady: 1_000_000 };

/**
 * A virtual host under a virtual clock: it takes the judge's effects and gives it looks and outcomes, so that an
 * hour passes in milliseconds and every limit can be seen to hold.
 */
export class VirtualWorld {
  world: World = { state: initialState(), latest: {} };
  plan: Plan;
  now = START.steady;
  wallShift = START.at - START.steady;
  readonly services: Record<string, Service> = {};
  readonly values: Record<
    string,
    { percent: number; warning: number; critical: number; clear: number; gone?: boolean }
  > = {};
  readonly lines: Line[] = [];
  readonly alerts: Alert[] = [];
  readonly work: Record<string, string[]> = {};
  /** Work that ends the service because somebody wants so. */
  readonly wishes: Record<string, string[]> = {};
  surveyMs = 5;
  /** How long its present run lasts, for what tells so while its port is closed. */
  runAgeMs: (service: string) => number | undefined = () => undefined;
  /** Who owns a service, and what a survey hears of that owner. */
  readonly owners: Record<string, { owner: Owner; says: () => OwnerSays }> = {};
  /** What one check sees, where that differs from what the service does. */
  says: (check: CheckPlan) => Condition | undefined = () => undefined;
  readonly saves: number[] = [];
  /** What a process look reads of CPU and log, by the age of the process; read every ten seconds. */
  figures: (service: string, ageMs: number) => Record<string, number> = NO_FIGURES;
  /** What an action of this name does, where that is not to start the service or to clean the value. */
  readonly actions: Record<string, () => StepOutcome> = {};
  /** What a value becomes when its cleaning action runs. */
  cleansTo: number | 'nothing' | undefined;
  /** Called between the save and the performing of effects; throwing here is a crash of the daemon. */
  onEffects: (effects: readonly Effect[]) => void = () => {};
  private readonly startedAt: Record<string, number> = {};
  private readonly readAt: Record<string, number> = {};
  private readonly pending = new Map<string, number>();
  private readonly delivered = new Map<string, Result>();
  private readonly busyUntil = new Map<string, number>();
  /** What is to come, the latest first; of two at one time the one that was queued first comes first. */
  private queue: { at: number; run: () => void }[] = [];
  private look = 0;
  private pids = 100;
  private life = 0;

  constructor(plan: Plan) {
    this.plan = plan;
    for (const target of Object.values(plan.targets))
      if (target.kind === 'service') this.services[target.id] = this.fresh();
  }

  private fresh(): Service {
    return {
      condition: 'up',
      pid: this.pids++,
      bornAt: this.now - 3_600_000,
      start: () => 'up',
      starts: 0,
      terminal: false,
    };
  }

  service(id: string): Service {
    const service = this.services[id];
    if (service === undefined) throw new Error(`no service ${id}`);
    return service;
  }

  /** Seconds since the story began. */
  get t(): number {
    return (this.now - START.steady) / 1000;
  }

  private at(ms: number, run: () => void): void {
    const life = this.life;
    let place = this.queue.length;
    while (place > 0 && (this.queue[place - 1]?.at ?? 0) <= ms) place--;
    this.queue.splice(place, 0, { at: ms, run: () => (life === this.life ? run() : undefined) });
  }

  /** The daemon starts (again): everything that only it knew is gone. */
  boot(sinceBootMs = 86_400_000): this {
    this.life++;
    this.queue = [];
    this.pending.clear();
    this.busyUntil.clear();
    this.delivered.clear();
    this.world = { state: this.world.state, latest: {} };
    this.send({ type: 'booted', sinceBootMs });
    for (const check of Object.values(this.plan.checks)) this.every(check, this.now);
    this.tick();
    return this;
  }

  private tick(): void {
    this.at(this.now + 1_000, () => {
      this.send({ type: 'ticked' });
      this.tick();
    });
  }

  private every(check: CheckPlan, at: number): void {
    this.at(at, () => {
      if (this.plan.checks[check.id] === undefined) return;
      const tookMs = this.lookAt(check);
      this.every(check, Math.max(this.now + check.everyMs, this.now + tookMs));
    });
  }

  /** An early look, as the scheduler does it: one pending at a time, never two of one check at once. */
  private soon(check: CheckPlan, at: number): void {
    const pending = this.pending.get(check.id);
    if (pending !== undefined && pending <= at) return;
    this.pending.set(check.id, at);
    this.at(Math.max(at, this.busyUntil.get(check.id) ?? 0), () => {
      if (this.pending.get(check.id) !== at) return;
      this.pending.delete(check.id);
      this.lookAt(check);
    });
  }

  private lookAt(check: CheckPlan): number {
    const busy = (this.busyUntil.get(check.id) ?? 0) - this.now;
    if (busy > 0) return busy;
    const tookMs = this.begin(check);
    this.busyUntil.set(check.id, this.now + tookMs);
    return tookMs;
  }

  private begin(check: CheckPlan): number {
    const seen = this.see(check);
    const tookMs = seen.silent === true && seen.reason === 'silent' ? check.timeoutMs : 1;
    const number = ++this.look;
    const at = this.now + this.wallShift;
    const steady = this.now;
    this.at(this.now + tookMs, () => {
      const result: Result = {
        check: check.id,
        target: check.target,
        look: number,
        evidence: 'suspect',
        silent: false,
        metrics: {},
        at,
        steady,
        tookMs,
        ...seen,
      };
      if (!isNews(check, result, this.delivered.get(check.id), this.world.state.targets[check.target])) return;
      this.delivered.set(check.id, result);
      this.send({ type: 'looked', result });
    });
    return tookMs;
  }

  private see(check: CheckPlan): Pick<Result, 'status' | 'reason' | 'message'> & Partial<Result> {
    const say = (status: Status, reason: Reason, rest: Partial<Result> = {}) => ({
      status,
      reason,
      message: `${check.id} ${reason}`,
      ...rest,
    });
    const value = this.values[check.target];
    if (value !== undefined) {
      if (this.says(check) === 'blind') return say('unknown', 'cannot-look');
      if (value.gone === true) return say('idle', 'nothing-to-look-at');
      const status = value.percent >= value.critical ? 'critical' : value.percent >= value.warning ? 'warning' : 'ok';
      return say(status, status === 'ok' ? 'fine' : 'over-limit', { clear: value.percent < value.clear });
    }
    const service = this.service(check.target);
    if (service.condition === 'booting' && this.now >= service.bornAt) service.condition = 'up';
    const condition = this.says(check) ?? service.condition;
    if (condition === 'blind') return say('unknown', 'cannot-look');
    if (check.name === 'process') {
      const tracked = this.world.state.targets[check.target]?.tracked;
      if (condition === 'foreign') return say('critical', 'foreign');
      if (condition === 'unmatched') return say('critical', 'absent');
      if (condition !== 'dead') {
        const process = {
          pid: service.pid,
          startToken: String(service.pid),
          command: 'app',
          cwd: '/srv',
          hadTerminal: service.terminal,
          proven: true,
          ownGroup: undefined,
          owner: this.owners[check.target]?.owner,
        };
        return say('ok', 'fine', {
          process,
          metrics: this.figuresOf(check.target) ?? { ageMs: this.now - service.bornAt },
        });
      }
      return tracked === undefined
        ? say('idle', 'nothing-to-look-at')
        : say('critical', 'gone', { evidence: 'definite' });
    }
    switch (condition) {
      case 'up':
      case 'unmatched':
        return say('ok', 'fine', { metrics: { replyMs: 5 } });
      case 'dead':
      case 'booting':
        return say('critical', 'refused', { silent: true, ...this.ageOfRun(check.target) });
      case 'hung':
      case 'foreign':
        return say('critical', 'silent', { silent: true });
      case 'no-upstream':
        return say('critical', 'failing', { metrics: { status: 502 } });
      case 'failing':
        return say('critical', 'failing');
      case 'limited':
        return say('warning', 'rate-limited', { metrics: { status: 429 } });
      case 'slow':
        return say('warning', 'slow', { metrics: { replyMs: 5_000 } });
    }
  }

  private ageOfRun(service: string): Partial<Result> {
    const runAgeMs = this.runAgeMs(service);
    return runAgeMs === undefined ? {} : { metrics: { runAgeMs } };
  }

  private figuresOf(target: string): Record<string, number> | undefined {
    const startedAt = this.startedAt[target];
    if (startedAt === undefined || this.figures === NO_FIGURES) return undefined;
    const read = this.now - (this.readAt[target] ?? 0) >= 10_000;
    if (!read) return {};
    this.readAt[target] = this.now;
    return this.figures(target, this.now - startedAt);
  }

  /** Something else starts the service anew: another process, this old when it is first seen. */
  replaced(id: string, condition: 'up' | 'booting', pid: number): void {
    const bornAt = condition === 'up' ? this.now : this.now + 600_000;
    Object.assign(this.service(id), { condition, pid, bornAt });
  }

  send(event: Event): void {
    const now = { at: this.now + this.wallShift, steady: this.now };
    const before = this.world.state;
    const { world, effects } = judge(this.world, event, this.plan, now);
    this.world = world;
    if (world.state !== before) this.saves.push(this.now);
    this.onEffects(effects);
    for (const effect of effects) this.perform(effect);
  }

  private perform(effect: Effect): void {
    switch (effect.type) {
      case 'look':
        for (const id of effect.checks) {
          const check = this.plan.checks[id];
          if (check !== undefined) this.soon(check, this.now + effect.afterMs);
        }
        return;
      case 'survey': {
        const work = [
          ...(this.work[effect.target] ?? []).map((text) => ({ kind: 'work', text }) as const),
          ...(this.wishes[effect.target] ?? []).map((text) => ({ kind: 'work', text, isWish: true }) as const),
        ];
        this.at(this.now + this.surveyMs, () => {
          const { found = [], ...how } = this.owners[effect.target]?.says() ?? {};
          this.send({ type: 'surveyed', target: effect.target, found: [...found, ...work], ...how });
        });
        return;
      }
      case 'run':
        this.lines.push({ t: this.t, what: `${effect.purpose.kind} ${effect.target} ${effect.step.action}` });
        this.at(this.now + 20, () =>
          this.send({
            type: 'stepped',
            target: effect.target,
            purpose: effect.purpose,
            outcome: this.isAnother(effect)
              ? { outcome: 'nothing', did: ['it runs already'] }
              : (this.actions[effect.step.action]?.() ?? this.act(effect.target)),
          }),
        );
        return;
      case 'alert':
        if (!this.alerts.some((alert) => alert.id === effect.alert.id)) {
          this.alerts.push(effect.alert);
          this.lines.push({ t: this.t, what: `alert ${effect.alert.kind} ${effect.alert.target}` });
        }
        this.at(this.now, () => this.send({ type: 'alert-queued', id: effect.alert.id }));
        return;
      case 'audit':
        if (effect.entry.event === 'detected' || effect.entry.event === 'recovered') {
          this.lines.push({ t: this.t, what: `${effect.entry.event} ${effect.entry.target}` });
        }
        return;
      case 'answer':
        this.lines.push({ t: this.t, what: effect.answer.ok ? 'yes' : `no: ${effect.answer.trouble.message}` });
        return;
    }
  }

  /** Between the verdict and the deed another process has come: the action leaves it alone. */
  private isAnother({ target, tracked }: Extract<Effect, { type: 'run' }>): boolean {
    const service = this.services[target];
    if (service === undefined || service.condition === 'dead') return false;
    return tracked !== undefined && service.pid !== tracked.pid;
  }

  private act(target: string): StepOutcome {
    const value = this.values[target];
    if (value !== undefined) {
      value.gone = this.cleansTo === 'nothing';
      if (typeof this.cleansTo === 'number') value.percent = this.cleansTo;
      return { outcome: 'done', did: ['Cleaned'] };
    }
    const service = this.service(target);
    const start = service.start(++service.starts);
    if (start === 'refused')
      return { outcome: 'refused', did: [], trouble: { code: 'PORT_HELD', message: 'held by pid 9', hint: '' } };
    if (typeof start === 'object' && 'exit' in start) {
      service.condition = 'dead';
      return {
        outcome: 'failed',
        did: ['Started it'],
        exitCode: start.exit,
        lastLines: start.said === undefined ? [] : [start.said],
        trouble: { code: start.code ?? 'START_FAILED', message: `exit ${start.exit}`, hint: start.hint ?? '' },
      };
    }
    if (start === 'leaves') return { outcome: 'done', did: ['Started it'] };
    service.pid = this.pids++;
    this.startedAt[target] = this.now;
    service.terminal = false;
    service.condition = start === 'up' ? 'up' : 'booting';
    service.bornAt = start === 'up' ? this.now : this.now + start.bootMs;
    const process = {
      pid: service.pid,
      startToken: String(service.pid),
      command: 'app',
      cwd: '/srv',
      hadTerminal: false,
      proven: true,
      ownGroup: undefined,
    };
    return { outcome: 'done', did: ['Started it'], process };
  }

  /** Lets time pass. */
  pass(seconds: number): this {
    const end = this.now + seconds * 1000;
    for (;;) {
      const next = this.queue.at(-1);
      if (next === undefined || next.at > end) break;
      this.queue.pop();
      this.now = Math.max(this.now, next.at);
      next.run();
    }
    this.now = end;
    return this;
  }

  /** What happened to a target since `from` seconds, as text lines without times. */
  story(from = 0): string[] {
    return this.lines.filter((line) => line.t >= from).map((line) => line.what);
  }

  times(what: string): number[] {
    return this.lines.filter((line) => line.what === what).map((line) => Math.round(line.t * 10) / 10);
  }
}
