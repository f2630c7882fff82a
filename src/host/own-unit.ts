import { constants } from 'node:os';
import { exec } from './exec.ts';
import type { ExecOutcome } from './hands.ts';
import { escapeUnitName, findSystemd } from './user-manager.ts';

const OURS = 'jarvis-health-';
const ASK_MS = 3_000;

/** The unit in which a service of ours is started (start-in-manager.ts), without `.service`. */
export function ownUnitName(prefix: string, service: string): string {
  return `${prefix}${escapeUnitName(service)}`;
}

export type LastRun = {
  /** The program itself ran, however it ended. */
  readonly ran: boolean;
  readonly pid: number | undefined;
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  /** By what it is known that memory had run out, as one sentence. */
  readonly outOfMemory?: string;
};

/**
 * How the last run of a unit ended. A failed unit stays until it is reset (so there is no --collect here: exit 78 must be
 * seen); one that succeeded goes at once, and then systemctl answers 0 as well.
 */
export async function lastRunOf(
  systemctl: (...words: string[]) => Promise<ExecOutcome>,
  unit: string,
): Promise<LastRun> {
  const properties = 'Result,ExecMainPID,ExecMainCode,ExecMainStatus';
  const answer = await systemctl('show', `--property=${properties}`, `${unit}.service`);
  const values = new Map(answer.stdout.split('\n').map((line) => [line.split('=')[0], line.split('=')[1]]));
  const code = values.get('ExecMainCode');
  const status = Number(values.get('ExecMainStatus') ?? '0');
  const killed = code === '2' || code === '3'; // CLD_KILLED, CLD_DUMPED
  return {
    // 200 and above: systemd itself could not execute it (systemd.exec(5), process exit codes).
    ran: killed || (code === '1' && status < 200),
    pid: Number(values.get('ExecMainPID')) || undefined,
    exitCode: killed ? undefined : status,
    signal: killed ? signalName(status) : undefined,
    ...(values.get('Result') === 'oom-kill'
      ? { outOfMemory: 'systemd says: its unit was killed because memory ran out.' }
      : {}),
  };
}

function signalName(number: number): string {
  const [name] = Object.entries(constants.signals).find(([, one]) => one === number) ?? [];
  return name ?? `signal ${number}`;
}

/** How a process that was such a unit of ours has ended, also one that an earlier life of the daemon had started. */
export async function endOfOwnUnit(service: string, pid: number, prefix = OURS): Promise<LastRun | undefined> {
  const systemd = await findSystemd();
  if (systemd === undefined) return undefined;
  const systemctl = (...words: string[]) =>
    exec(['systemctl', ...systemd.words, ...words], { env: systemd.env, timeoutMs: ASK_MS });
  const last = await lastRunOf(systemctl, ownUnitName(prefix, service));
  return last.ran && last.pid === pid ? last : undefined;
}
