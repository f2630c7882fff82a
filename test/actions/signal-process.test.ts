import * as v from 'valibot';
import { describe, expect, onTestFinished, test } from 'vitest';
import { signalProcess } from '../../actions/signal-process.ts';
import type { ActionContext } from '../../src/action.ts';
import type { TrackedProcess } from '../../src/core/types.ts';
import { lookAt } from '../../src/host/processes.ts';
import { type Running, startFixture, startProgram } from '../fixtures/start.ts';
import { fakeCli } from '../host/owners/fake-cli.ts';
import { fakeSystemctl } from '../host/owners/fake-systemctl.ts';
import { context, folder, identityOf } from './act.ts';

type Options = v.InferOutput<typeof signalProcess.options>;

// biome-ignore lint/suspicious/noThenProperty: it is the word of the playbook, and never awaited.
const THEN_KILL = { then: 'KILL' } as const;

async function run(options: Omit<Options, 'service'>, over: Partial<ActionContext> & { dryRun?: boolean } = {}) {
  const home = await folder();
  return await signalProcess.run({ service: 'web', ...options }, context(home, { reason: 'silent', ...over }));
}

async function tracked({ pid }: { readonly pid: number }): Promise<TrackedProcess> {
  const { startToken, command, cwd } = await identityOf(pid);
  return { pid, startToken, command, cwd, hadTerminal: false, proven: true, ownGroup: undefined };
}

async function program(name: string, ...args: readonly string[]): Promise<Running> {
  const running = await startProgram(name, args, { ready: false });
  onTestFinished(running.stop);
  return running;
}
const sleeper = () => program('sleep', '600');
/** Says which signals it got, and goes on after TERM. */
async function listener(): Promise<Running> {
  const said = ['HUP', 'USR2', 'CONT', 'TERM'].map((name) => `trap "echo got ${name}" ${name};`).join(' ');
  const script = `${said} echo ready 0; while :; do sleep 0.02; done`;
  const running = await startProgram('sh', ['-c', script]);
  onTestFinished(running.stop);
  return running;
}

test('what is to end is done only once it is seen gone', async () => {
  const web = await sleeper();
  const identity = await tracked(web);
  const outcome = await run({ signal: 'TERM' }, { tracked: identity });
  expect(outcome).toEqual({
    outcome: 'done',
    did: [`sent SIGTERM to sleep 600 (pid ${web.pid})`, `sleep 600 (pid ${web.pid}) has ended`],
  });
  expect(lookAt(identity)).toBe('gone');
});

test('what goes on after TERM has failed, and is killed where the step says so', async () => {
  const web = await listener();
  const identity = await tracked(web);
  const first = await run({ signal: 'TERM', afterMs: 100 }, { tracked: identity });
  expect(first).toMatchObject({ outcome: 'failed', trouble: { code: 'STOP_FAILED' } });
  expect(first.trouble?.hint).toContain('then: KILL');
  expect(lookAt(identity)).toBe('alive');
  const second = await run({ signal: 'TERM', ...THEN_KILL, afterMs: 100 }, { tracked: identity });
  expect(second.outcome).toBe('done');
  expect(second.did[1]).toContain('it did not end within 0.1 s; sent SIGKILL');
  await web.stop();
  expect(web.child.signalCode).toBe('SIGKILL');
});

test.each(['HUP', 'USR2', 'CONT'] as const)(
  '%s is sent, and the process lives on and is still followed',
  async (signal) => {
    const web = await listener();
    const identity = await tracked(web);
    expect(await run({ signal }, { tracked: identity })).toMatchObject({ outcome: 'done', process: identity });
    await web.line(new RegExp(`got ${signal}`));
    expect(lookAt(identity)).toBe('alive');
  },
);

test('a dry run says which signals, to whom and when', async () => {
  const web = await sleeper();
  const identity = await tracked(web);
  const outcome = await run({ signal: 'TERM', ...THEN_KILL, afterMs: 3_000 }, { tracked: identity, dryRun: true });
  expect(outcome.did).toEqual([
    `kill -TERM ${web.pid} (sleep 600)`,
    `after 3 s, if it has not ended: kill -KILL ${web.pid} (sleep 600)`,
  ]);
  expect(lookAt(identity)).toBe('alive');
});

test('a foreign program on the port is named and gets nothing', async () => {
  const foreign = await startFixture('foreign.mjs');
  onTestFinished(foreign.stop);
  const outcome = await run({ signal: 'KILL', port: foreign.port });
  expect(outcome).toMatchObject({ outcome: 'refused', did: [], trouble: { code: 'PORT_HELD' } });
  expect(outcome.trouble?.message).toContain(`foreign.mjs (pid ${foreign.pid})`);
  expect(foreign.child.exitCode).toBeNull();
});

test('a number that another process has now gets nothing', async () => {
  const innocent = await sleeper();
  const before = { ...(await tracked(innocent)), startToken: 'of the one before' };
  expect(await run({ signal: 'KILL' }, { tracked: before })).toMatchObject({ outcome: 'nothing' });
  expect(innocent.child.exitCode ?? innocent.child.signalCode).toBeNull();
});

test('what took the place of the one in trouble is innocent, unless a person asks', async () => {
  const fresh = await program('sleep', '600.0815');
  const gone = { ...(await tracked(fresh)), startToken: 'of the one before' };
  const options = { signal: 'TERM', match: 'sleep 600.0815' } as const;
  expect(await run(options, { tracked: gone })).toMatchObject({ outcome: 'nothing' });
  expect(await run(options, { reason: 'gone' })).toMatchObject({ outcome: 'nothing' });
  expect(fresh.child.signalCode).toBeNull();
  expect(await run(options, { tracked: gone, asked: true })).toMatchObject({ outcome: 'done' });
});

test('we ourselves and what we were started by get nothing, whatever is proven', async () => {
  for (const pid of [process.pid, process.ppid]) {
    const outcome = await run({ signal: 'HUP' }, { tracked: await tracked({ pid }) });
    expect(outcome.outcome).toBe('refused');
  }
});

test('called off while it waits, it kills no more', async () => {
  const web = await listener();
  const identity = await tracked(web);
  const calling = new AbortController();
  const options = { signal: 'TERM', ...THEN_KILL, afterMs: 60_000 } as const;
  const outcome = run(options, { tracked: identity, signal: calling.signal });
  await web.line(/got TERM/);
  calling.abort();
  expect(await outcome).toMatchObject({ outcome: 'failed', trouble: { code: 'TRY_LATER' } });
  expect(lookAt(identity)).toBe('alive');
});

test.each([{ signal: 'USR1' }, { signal: 'STOP' }, { signal: 'HUP', ...THEN_KILL }, { signal: 9 }])(
  'no playbook can ask for %j',
  (asked) => {
    expect(v.safeParse(signalProcess.options, { service: 'web', ...asked }).success).toBe(false);
  },
);

describe('a service of systemd', () => {
  async function unit(before: Record<string, string>, afterwards?: Record<string, string>) {
    const root = await folder();
    const web = await sleeper();
    const says = { ActiveState: 'active', SubState: 'running', MainPID: String(web.pid), ...before };
    const { calls } = fakeSystemctl(root, says, { kills: web.pid, ...(afterwards && { afterwards }) });
    return { web, calls, tracked: await tracked(web) };
  }
  const unitName = 'web.service';

  test('gets it through systemd, as its main process only', async () => {
    const { web, calls, tracked } = await unit({}, { ActiveState: 'activating', SubState: 'auto-restart' });
    const outcome = await run({ signal: 'TERM', unit: unitName }, { tracked });
    expect(outcome.did[0]).toBe('asked systemd to send SIGTERM to web.service');
    expect(outcome.outcome).toBe('done');
    expect(calls()).toEqual(['systemctl --user --no-ask-password kill --kill-whom=main --signal=SIGTERM web.service']);
    expect(web.child.signalCode).toBe('SIGTERM');
  });

  test('in a dry run shows both orders, and when the second is given', async () => {
    const { web, calls, tracked } = await unit({});
    const outcome = await run({ signal: 'TERM', ...THEN_KILL, unit: unitName }, { tracked, dryRun: true });
    const order = 'systemctl --user --no-ask-password kill --kill-whom=main';
    expect(outcome.did).toEqual([
      `${order} --signal=SIGTERM web.service`,
      `after 3 s, if it has not ended: ${order} --signal=SIGKILL web.service`,
    ]);
    expect(calls()).toEqual([]);
    expect(web.child.signalCode).toBeNull();
  });

  test('that systemd then takes for stopped on purpose is started again by systemd', async () => {
    const { calls, tracked } = await unit({}, { ActiveState: 'inactive', SubState: 'dead', Restart: 'on-failure' });
    const outcome = await run({ signal: 'TERM', unit: unitName }, { tracked });
    expect(outcome.outcome).toBe('done');
    expect(outcome.did.at(-1)).toBe('asked systemd to start web.service');
    expect(calls().at(-1)).toBe('systemctl --user --no-ask-password start web.service');
  });

  test('that a person has stopped, or that does not run, gets nothing', async () => {
    const stopped = { ActiveState: 'inactive', SubState: 'dead', MainPID: '0' };
    const { calls } = await unit(stopped);
    expect(await run({ signal: 'TERM', unit: unitName })).toMatchObject({
      outcome: 'refused',
      trouble: { code: 'OWNER_STOPPED' },
    });
    expect(calls()).toEqual([]);
    const failed = await unit({ ActiveState: 'failed', Result: 'exit-code', MainPID: '0' });
    expect(await run({ signal: 'TERM', unit: unitName })).toMatchObject({ outcome: 'nothing' });
    expect(failed.calls()).toEqual([]);
  });
});

describe('a service in a container', () => {
  const inspect = (Status: string) =>
    JSON.stringify([{ Id: 'c0', Name: '/web', State: { Status, Pid: 0, ExitCode: 137 }, HostConfig: {}, Config: {} }]);

  test('is ended by its engine, and started by it again, which takes that for a stop', async () => {
    const root = await folder();
    const stopped = JSON.stringify([
      { Id: 'c0', Name: '/web', State: { Status: 'exited', ExitCode: 143 }, HostConfig: {}, Config: {} },
    ]);
    const { calls } = fakeCli(root, 'docker', { says: inspect('running'), afterwards: stopped });
    expect((await run({ signal: 'TERM', unit: 'docker:web' })).outcome).toBe('done');
    expect(calls()).toEqual(['docker kill --signal=SIGTERM web', 'docker start web']);
  });

  test('gets no signal that would switch off its restarts', async () => {
    const { calls } = fakeCli(await folder(), 'docker', { says: inspect('running') });
    const outcome = await run({ signal: 'HUP', unit: 'docker:web' });
    expect(outcome).toMatchObject({ outcome: 'refused', trouble: { code: 'NOT_PERMITTED' } });
    expect(outcome.trouble?.hint).toContain('[docker, exec, web, kill, -HUP, "1"]');
    expect(calls()).toEqual([]);
  });
});

test('a launchd job gets it through launchd', async () => {
  const root = await folder();
  const web = await sleeper();
  const print = `job = {\n\tstate = running\n\tpid = ${web.pid}\n}\n`;
  const { calls } = fakeCli(root, 'launchctl', { says: print }, `user/${process.getuid?.() ?? 0}`);
  const outcome = await run({ signal: 'HUP', unit: 'launchd:ai.example.web' }, { tracked: await tracked(web) });
  expect(outcome.outcome).toBe('done');
  expect(calls()).toEqual([`launchctl kill SIGHUP user/${process.getuid?.() ?? 0}/ai.example.web`]);
});
