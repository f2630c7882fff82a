import { sameProcess, shortCommand } from '../core/command-line.ts';
import type { Proof } from '../core/recognise.ts';
import type { TrackedProcess } from '../core/types.ts';
import type { ProcessFacts } from './processes.ts';

export type FoundProcess = {
  readonly facts: ProcessFacts;
  /** How it is provably the service; without a proof it may be watched and never ended. */
  readonly proof: Proof | undefined;
  /** Of the same kind as the tracked process was. */
  readonly kin: boolean;
  /** It carries our mark and is the very start command: we started this process itself, not something it started. */
  readonly startedByUs: boolean;
};

/** What the judge remembers of a process that was found. */
export function trackedFrom(found: FoundProcess, before: TrackedProcess | undefined): TrackedProcess {
  const { facts, proof } = found;
  return {
    pid: facts.pid,
    startToken: facts.startToken,
    command: facts.command,
    cwd: facts.cwd,
    hadTerminal: facts.terminal,
    proven: proof !== undefined,
    ownGroup: ownGroupOf(found, before),
    ...(before?.owner !== undefined && sameProcess(before, facts) ? { owner: before.owner } : {}),
  };
}

/** `python3 app.py (pid 812)`. */
export function nameProcess(facts: Pick<ProcessFacts, 'pid' | 'argv' | 'command'>): string {
  return `${facts.argv.length > 0 ? shortCommand(facts.argv) : facts.command} (pid ${facts.pid})`;
}

/** The group is ours when it is the one we made, or when what leads it is what we started. */
function ownGroupOf(
  { facts, proof, startedByUs }: FoundProcess,
  before: TrackedProcess | undefined,
): number | undefined {
  if (proof === undefined) return undefined;
  if (before?.ownGroup === facts.pgid) return facts.pgid;
  const leads = facts.pid === facts.pgid && !facts.terminal;
  return startedByUs && leads ? facts.pgid : undefined;
}
