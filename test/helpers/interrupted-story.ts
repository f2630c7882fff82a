import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { expect } from 'vitest';
import type { Attempt, State } from '../../src/core/state.ts';
import { EMPTY_QUEUE, parseQueue, type Queue } from '../../src/store/alert-queue.ts';
import { verifyAudit } from '../../src/store/audit-verify.ts';
import { StateSchema } from '../../src/store/state-schema.ts';
import { type Boundary, TRACEABLE, trace } from './boundaries.ts';
import { freePort, TestDaemon } from './daemon.ts';
import { playbook, RETRIES, startScript } from './interrupted-files.ts';

const COOLDOWN_MS = 300;
const FAILS = 2;

type Seen = { readonly state: State; readonly ledger: readonly string[]; readonly audit: readonly string[] };
export type Round = { readonly met: readonly Boundary[]; readonly killed: boolean };

/**
 * A web app that is killed again and again, and a daemon that is killed while it recovers it: its playbook leaves a mark,
 * then starts it; the first two starts of each round fail, so one attempt ends in vain and is alerted, and the next one
 * helps. The app keeps a ledger of its own of all that was done to it.
 */
export class InterruptedStory {
  readonly daemon: TestDaemon;

  constructor(atEnd: (clean: () => Promise<void>) => void) {
    this.daemon = new TestDaemon(atEnd, { ...process.env, ...TRACEABLE });
  }

  /** By default an app may be restarted, and told of, as often as the story asks for. */
  async begin(policy: object = {}, alerts: object = { cooldown: '1s' }): Promise<this> {
    const { home } = this.daemon;
    const port = await freePort();
    writeFileSync(this.at('fails'), '0\n');
    writeFileSync(this.at('ledger'), '');
    writeFileSync(this.at('web.sh'), startScript(port));
    writeFileSync(this.at('mark.sh'), 'echo mark $$ >> ledger\n');
    mkdirSync(this.at('playbooks'), { mode: 0o700 });
    writeFileSync(this.at('playbooks/mark-and-start.yaml'), playbook(home), { mode: 0o600 });
    this.daemon.write({
      services: {
        web: {
          http: `http://127.0.0.1:${port}/`,
          start: ['sh', this.at('web.sh')],
          cwd: home,
          playbook: ['mark-and-start', 'service-restart'],
          policy: { cooldown: `${COOLDOWN_MS}ms`, maxAttemptsPerHour: 1_000, bringUpBackoff: '100ms', ...policy },
        },
      },
      limits: { hostAttempts: 1_000 },
      alerts,
    });
    await this.daemon.start();
    await this.settled(0);
    return this;
  }

  at(name: string): string {
    return join(this.daemon.home, name);
  }

  /** Kills the app, and the daemon when it comes to `last`; then lets a daemon bring the story to its end, and asks whether all is right. */
  async round(last?: Boundary): Promise<Round> {
    const before = this.seen();
    writeFileSync(this.at('fails'), `${FAILS}\n`);
    const { process: daemon } = this.daemon;
    const watched = await trace(daemon?.pid ?? 0, this.at('trace'), last);
    const ended = new Promise<true>((resolve) => daemon?.once('exit', () => resolve(true)));
    process.kill(before.state.targets['web']?.tracked?.pid ?? 0, 'SIGKILL');
    const killed = await Promise.race([ended, this.settled(before.ledger.length).then(() => false)]);
    await watched.end();
    if (killed) {
      await this.assertIntentsFirst(before);
      this.daemon.process = undefined;
      await this.daemon.start();
      await this.settled(before.ledger.length);
    }
    await this.assertRight(before, killed ? 1 : 0);
    return { met: watched.met(), killed };
  }

  /** The next daemon finds nothing to do: no attempt, no start, no alert. */
  async end(): Promise<void> {
    const before = this.seen();
    await this.daemon.kill('SIGKILL');
    await this.daemon.start();
    await this.daemon.until('the web app is seen', async () => (await this.daemon.target('web')).state === 'working');
    const { ledger, state } = this.seen();
    expect(ledger).toEqual(before.ledger);
    expect(state.targets['web']?.attempts).toEqual(before.state.targets['web']?.attempts);
    expect(state.lastAlert).toBe(before.state.lastAlert);
    await this.daemon.kill('SIGKILL');
    this.daemon.endServices();
  }

  state(): State {
    // Whenever it is read it is whole.
    return v.parse(StateSchema, JSON.parse(readFileSync(this.at('state.json'), 'utf8'))) as State;
  }

  queue(): Queue {
    // Nothing was told yet.
    if (!existsSync(this.at('run/alert-queue.json'))) return EMPTY_QUEUE;
    const queue = parseQueue(JSON.parse(readFileSync(this.at('run/alert-queue.json'), 'utf8')));
    if (!queue.ok) throw new Error(queue.problem);
    return queue.value;
  }

  seen(): Seen {
    const lines = (name: string) => readFileSync(this.at(name), 'utf8').split('\n').slice(0, -1);
    return { state: this.state(), ledger: lines('ledger'), audit: lines('audit.jsonl') };
  }

  /** Until the app was started since then, is believed well, and nothing is under way or waits to be told. */
  private settled(since: number): Promise<void> {
    return this.daemon.until('the story has come to its end', () => {
      const { state, ledger } = this.seen();
      const web = state.targets['web'];
      const started = ledger.slice(since).findLast((line) => line.startsWith('start '));
      return (
        web !== undefined &&
        started === `start ${web.tracked?.pid}` &&
        web.belief === 'ok' &&
        web.incident === undefined &&
        web.bringUp.phase === 'done' &&
        web.attempts.every((attempt) => attempt.phase === 'ended') &&
        state.outbox.length === 0
      );
    }) as Promise<unknown> as Promise<void>;
  }

  /** At the moment of the kill: nothing was begun that is not written down, and every file is whole. */
  private async assertIntentsFirst(before: Seen): Promise<void> {
    const { state, ledger } = this.seen();
    const tries = triesSince(state, before);
    const done = ledger.slice(before.ledger.length);
    expect(count(done, 'mark')).toBeLessThanOrEqual(tries.filter(({ step }) => step === 0).length);
    expect(count(done, 'start') + count(done, 'fail')).toBeLessThanOrEqual(
      tries.filter(({ step }) => step === 1).length,
    );
    this.queue();
    expect(await verifyAudit(this.at('audit.jsonl'))).toMatchObject({ ok: true });
  }

  private async assertRight(before: Seen, kills: number): Promise<void> {
    const after = this.seen();
    const { attempts = [] } = after.state.targets['web'] ?? {};
    const news = attempts.slice(before.state.targets['web']?.attempts.length);
    // None is forgotten, and none is counted twice: not by its target, not by the host.
    expect(attempts.map(({ id }) => Number(id))).toEqual(attempts.map((_, index) => index + 1));
    expect(after.state.lastAttempt).toBe(attempts.length);
    expect(after.state.host.attempts).toHaveLength(attempts.length);
    const interrupted = news.filter(({ outcome }) => outcome === 'interrupted');
    expect(interrupted.length).toBeLessThanOrEqual(kills);
    expect(news.length).toBeLessThanOrEqual(FAILS + kills);
    assertSpaced(attempts);

    // What was done is what was written down: a try that was cut short was done once or not at all.
    const done = after.ledger.slice(before.ledger.length);
    const told = after.audit.slice(before.audit.length);
    const tries = triesSince(after.state, before);
    expect(new Set(tries.map((one) => `${one.attempt} ${one.step} ${one.try}`)).size).toBe(tries.length);
    expect(Math.max(0, ...tries.map((one) => one.try))).toBeLessThanOrEqual(RETRIES + 1);
    const marks = tries.filter(({ step }) => step === 0);
    expect(count(done, 'mark')).toBeLessThanOrEqual(marks.length);
    expect(count(done, 'mark')).toBeGreaterThanOrEqual(marks.filter(({ result }) => result !== 'interrupted').length);
    const starts = tries.filter(({ step }) => step === 1);
    const broughtUp = count(told, 'bringing-up');
    expect(count(done, 'start') + count(done, 'fail')).toBeLessThanOrEqual(starts.length + broughtUp);
    expect(count(done, 'start') + count(done, 'fail')).toBeGreaterThanOrEqual(
      starts.filter(({ did }) => did.some((line) => /started sh|tried to start/.test(line))).length + broughtUp,
    );
    expect(count(done, 'second')).toBe(0);
    expect(this.processes()).toEqual([after.state.targets['web']?.tracked?.pid]);

    this.assertAlerts(after.state, before);
    expect(await verifyAudit(this.at('audit.jsonl'))).toMatchObject({ ok: true });
    // The line that it began may be lost with the daemon; then the next daemon tells that it was cut short.
    expect(count(told, 'attempt-interrupted')).toBe(interrupted.length);
    expect(count(told, 'attempt-started')).toBeGreaterThanOrEqual(news.length - interrupted.length);
  }

  /** Each is queued once, and what was opened ends. */
  private assertAlerts(state: State, before: Seen): void {
    const { pending, taken } = this.queue();
    const all = [...pending.map(({ alert }) => alert), ...taken];
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    for (const { id, sent } of Object.values(state.incidents)) {
      if (Number(id) <= before.state.lastIncident) continue;
      const kinds = all.filter(({ incident }) => incident === id).map(({ kind }) => kind);
      expect(kinds.filter((kind) => kind === 'opened')).toHaveLength(sent.opened ? 1 : 0);
      expect(kinds.filter((kind) => kind === 'failed')).toHaveLength(sent.failed ? 1 : 0);
      expect(kinds.filter((kind) => kind === 'resolved')).toHaveLength(sent.opened ? 1 : 0);
    }
    const shown = JSON.parse(readFileSync(this.at('alert-pending.json'), 'utf8')).alerts;
    expect(shown.map(({ id }: { id: string }) => id)).toEqual(pending.map(({ alert }) => alert.id));
  }

  /** Everything alive that this story has started, but for its daemon. */
  processes(): readonly number[] {
    const { home, process: daemon } = this.daemon;
    const text = (pid: string, file: string): string => {
      try {
        return readFileSync(`/proc/${pid}/${file}`, 'latin1');
      } catch {
        return '';
      }
    };
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name) && Number(name) !== daemon?.pid)
      .filter((pid) => text(pid, 'cmdline').includes(home) || text(pid, 'environ').includes(home))
      .map(Number);
  }
}

/** The second word of a ledger line is the number of the process; `"kind":"…"` stands in a line of the audit. */
function count(lines: readonly string[], what: string): number {
  return lines.filter((line) => line.startsWith(`${what} `) || line.includes(`"kind":"${what}"`)).length;
}

function triesSince(state: State, before: Seen) {
  const attempts = state.targets['web']?.attempts.slice(before.state.targets['web']?.attempts.length) ?? [];
  return attempts.flatMap(({ id, steps }) => steps.map((step) => ({ attempt: id, ...step })));
}

function assertSpaced(attempts: readonly Attempt[]): void {
  for (const [index, attempt] of attempts.entries()) {
    const last = attempts[index - 1];
    if (last === undefined) continue;
    const from = last.steps.length > 1 ? (last.ended ?? last.started) : last.started;
    expect(attempt.started.steady - from.steady).toBeGreaterThanOrEqual(COOLDOWN_MS);
  }
}
