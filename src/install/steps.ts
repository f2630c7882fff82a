import { typed } from '../host/hands-plan.ts';

/** One thing that an installation does to the host; shown by `--dry-run`, done else. Order matters. */
export type Step =
  | { readonly do: 'write'; readonly file: string; readonly text: string; readonly mode: number }
  | { readonly do: 'remove'; readonly file: string }
  | { readonly do: 'move'; readonly file: string; readonly to: string }
  | ({ readonly do: 'run' } & Command)
  /** A daemon that runs without a unit would keep the home folder from the one with a unit. */
  | { readonly do: 'stop-daemon' }
  | { readonly do: 'stop-process'; readonly pid: number; readonly startToken: string; readonly name: string };

type Command = {
  readonly argv: readonly string[];
  /** Needed because the job went on ending for a while: run again for as long as its words match. */
  readonly againWhile?: RegExp;
  /** Over only when this command fails. */
  readonly untilFails?: readonly string[];
  /** A failure with these words means that there was nothing to do. */
  readonly fineWhen?: RegExp;
  /** What a person does instead when it may not be done from here. */
  readonly next?: string;
};

export function run(argv: readonly string[], more: Omit<Command, 'argv'> = {}): Step {
  return { do: 'run', argv, ...more };
}

/** What was done, or would be; one line. */
export function sayStep(step: Step, done: boolean): string {
  switch (step.do) {
    case 'write':
      return `${done ? 'wrote' : 'write'} ${step.file}`;
    case 'remove':
      return `${done ? 'removed' : 'remove'} ${step.file}`;
    case 'move':
      return `${done ? 'moved' : 'move'} ${step.file} to ${step.to}`;
    case 'run':
      return `${done ? 'ran' : 'run'} ${typed(step.argv)}`;
    case 'stop-daemon':
      return `${done ? 'stopped' : 'stop'} the daemon that runs without a unit`;
    case 'stop-process':
      return `${done ? 'stopped' : 'stop'} process ${step.pid} (${step.name})`;
  }
}
