import type { OwnerSight } from './owner.ts';
import type { Evidence, Reason, Status, TrackedProcess } from './types.ts';

export type Usage = {
  readonly cpuMs: number;
  readonly rssBytes: number;
  readonly ageMs: number;
  readonly logBytes: number;
};

/** What a look at the process of a service saw. */
export type ProcessSight =
  | {
      readonly kind: 'alive';
      readonly process: TrackedProcess;
      readonly name: string;
      /** By a signal. */
      readonly stopped: boolean;
      readonly usage: Usage | undefined;
    }
  /** Its owner says that it runs, and its process cannot be seen from here (a container on macOS). */
  | { readonly kind: 'runs'; readonly says: string }
  | { readonly kind: 'gone'; readonly name: string }
  /** Its owner says that it does not run. */
  | { readonly kind: 'down'; readonly wasTracked: boolean; readonly owner: OwnerSight }
  | { readonly kind: 'foreign'; readonly wasTracked: boolean; readonly holder: string | undefined }
  | { readonly kind: 'absent'; readonly by: string }
  | { readonly kind: 'nothing'; readonly because: string };

type ProcessAssessment = {
  readonly status: Status;
  readonly evidence?: Evidence;
  readonly reason: Reason;
  readonly message: string;
  readonly metrics?: Readonly<Record<string, number>>;
  readonly process?: TrackedProcess;
};

export function assessProcess(sight: ProcessSight, port: number | undefined): ProcessAssessment {
  switch (sight.kind) {
    case 'alive':
      return alive(sight);
    case 'runs':
      return { status: 'ok', reason: 'fine', message: sight.says };
    case 'gone':
      return { status: 'critical', evidence: 'definite', reason: 'gone', message: `${sight.name} is gone` };
    case 'down':
      return down(sight);
    case 'foreign': {
      const holder = sight.holder ?? 'a process of another user';
      return {
        status: 'critical',
        evidence: sight.wasTracked ? 'definite' : 'suspect',
        reason: 'foreign',
        message: `port ${port} is held by ${holder}, which is not this service`,
      };
    }
    case 'absent':
      return { status: 'critical', reason: 'absent', message: `no process matches ${sight.by}` };
    case 'nothing':
      return { status: 'idle', reason: 'nothing-to-look-at', message: sight.because };
  }
}

/** What ran before our eyes, and what its owner calls failed, is certainly gone (DESIGN §4.2). */
function down({ wasTracked, owner }: Extract<ProcessSight, { kind: 'down' }>): ProcessAssessment {
  const isCertain = wasTracked || owner.state === 'failed';
  return {
    status: 'critical',
    evidence: isCertain ? 'definite' : 'suspect',
    reason: isCertain ? 'gone' : 'absent',
    message: owner.says,
  };
}

function alive({ process, name, stopped, usage }: Extract<ProcessSight, { kind: 'alive' }>): ProcessAssessment {
  const doubt = process.proven ? '' : '; it is not provably this service, so it would never be ended';
  return {
    status: 'ok',
    reason: 'fine',
    message: stopped ? `${name} is stopped by a signal (state T)${doubt}` : `${name} runs${doubt}`,
    process,
    ...(usage === undefined ? {} : { metrics: { ...usage } }),
  };
}
