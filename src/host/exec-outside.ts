import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { cleanEnvironment } from './environment.ts';
import { type ExecOptions, exec } from './exec.ts';
import { findProgram } from './find-program.ts';
import type { ExecOutcome } from './hands.ts';
import { findSystemd, unexpanded } from './user-manager.ts';

/**
 * As `exec`, but free of the sandbox of our own unit (systemd/jarvis-health.service). What a command starts would inherit
 * it and keep it: a gateway that its own command line brings up could start no browser then, and Podman no container.
 */
export async function execOutside(argv: readonly string[], options: ExecOptions = {}): Promise<ExecOutcome> {
  const [word, ...rest] = argv;
  // systemctl(1) only asks: what it starts is systemd's.
  if (word === undefined || word === 'systemctl' || !isSandboxed()) return await exec(argv, options);
  const cwd = options.cwd ?? process.cwd();
  const env = { ...cleanEnvironment(), ...options.env };
  const program = findProgram(word, cwd, env['PATH'] ?? '');
  const systemd = program === undefined ? undefined : await findSystemd();
  // Without a program `exec` says what is missing; without a systemd there is no other side.
  if (program === undefined || systemd === undefined) return await exec(argv, options);

  const unit = `jarvis-health-command-${randomBytes(6).toString('hex')}`;
  const names = Object.keys(env).filter((name) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
  const outcome = await exec(
    [
      ...['systemd-run', ...systemd.words, '--quiet', '--no-ask-password', '--pipe', '--wait', '--collect'],
      // What it leaves behind when it ends by itself is left alone, as `exec` does.
      ...[`--unit=${unit}`, '-p', 'KillMode=process', '-p', `WorkingDirectory=${cwd}`],
      ...names.map((name) => `--setenv=${name}`),
      ...['--', program, ...rest].map(unexpanded),
    ],
    { ...options, env: { ...env, ...systemd.env }, calledAs: argv },
  );
  if (outcome.timedOut || options.signal?.aborted === true)
    await exec(['systemctl', ...systemd.words, 'kill', '--signal=SIGKILL', `${unit}.service`], { env: systemd.env });
  return outcome;
}

/** Read once: the flag is never taken back (prctl(2), PR_SET_NO_NEW_PRIVS). */
let sandboxed: boolean | undefined;

function isSandboxed(): boolean {
  sandboxed ??= readFlag();
  return sandboxed;
}

function readFlag(): boolean {
  try {
    return /^NoNewPrivs:\s+1$/m.test(readFileSync('/proc/self/status', 'utf8'));
  } catch {
    return false;
  }
}
