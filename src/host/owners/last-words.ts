import { setTimeout as delay } from 'node:timers/promises';
import { tellingLines } from '../../core/classify/telling.ts';
import type { Owner } from '../../core/owner.ts';
import { exec } from '../exec.ts';
import { execOutside } from '../exec-outside.ts';
import type { ExecOutcome } from '../hands.ts';
import { lastLines } from '../tail.ts';
import { systemctl } from './systemd.ts';

/** Read; of these at most five are kept that tell. */
const LINES = 60;
/** The journal has what was printed a moment after it was. */
const TRIES = 3;
const AGAIN_MS = 250;
const LIMITS = { timeoutMs: 3_000, maxBytes: 65_536 };

/**
 * What the last run of a service printed last, as its owner keeps it: at most five lines, each at most 500 characters;
 * none where nobody keeps them or we may not read them. Changes nothing.
 */
export async function lastWordsOf(owner: Owner): Promise<readonly string[]> {
  switch (owner.kind) {
    case 'systemd':
      return await fromJournal(owner);
    case 'container':
      return saidIn(await execOutside([owner.engine, 'logs', '--tail', String(LINES), owner.name], LIMITS));
    case 'launchd':
    case 'pm2':
      return [];
  }
}

/**
 * Asked by the number of the run (InvocationID, systemd.exec(5)): `--unit` would give the words of systemd itself too, and
 * of the runs before. What was gone before the journal looked whose words these were (4 of 20 that end at once) has its
 * process number only. Without `--user` the journal of the whole host is searched as well, where there is no other.
 */
async function fromJournal(owner: Extract<Owner, { kind: 'systemd' }>): Promise<readonly string[]> {
  const { argv, env } = systemctl(owner, ['show', '--property=InvocationID,ExecMainPID', owner.unit]);
  const { stdout } = await exec(argv, { env, timeoutMs: LIMITS.timeoutMs });
  const run = /^InvocationID=([0-9a-f]{32})$/m.exec(stdout)?.[1];
  const pid = /^ExecMainPID=([1-9]\d*)$/m.exec(stdout)?.[1];
  if (run === undefined) return [];
  const flags = ['--quiet', '--no-pager', '--boot', '--output=cat', `--lines=${LINES}`];
  const wanted = [`_SYSTEMD_INVOCATION_ID=${run}`, ...(pid === undefined ? [] : ['+', `_PID=${pid}`])];
  for (let tries = 1; ; tries++) {
    const lines = saidIn(await exec(['journalctl', ...flags, ...wanted], LIMITS));
    if (lines.length > 0 || tries === TRIES) return lines;
    await delay(AGAIN_MS);
  }
}

function saidIn({ ok, stdout, stderr }: ExecOutcome): readonly string[] {
  if (!ok) return [];
  const errors = tellingLines(lastLines(stderr, LINES));
  return errors.length > 0 ? errors : tellingLines(lastLines(stdout, LINES));
}
