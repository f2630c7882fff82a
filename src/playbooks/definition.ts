import type { Place } from '../config/parse-yaml.ts';
import type { Problem } from '../config/problems.ts';
import type { Path } from '../config/shape.ts';
import type { TroubleClass } from '../core/classify.ts';
import type { TargetKind } from '../core/plan.ts';

/** What came of reading one file. `frames[n]` shows the line of `problems[n]`, for a person's own terminal only. */
export type PlaybookReading =
  | { readonly ok: true; readonly definition: Definition; readonly warnings: readonly Problem[] }
  | {
      readonly ok: false;
      readonly name: string;
      readonly file: string;
      readonly problems: readonly Problem[];
      readonly frames: readonly (string | undefined)[];
    };

/** A playbook that is right by itself; whether it fits a target is said when it is compiled for one. */
export type Definition = {
  readonly name: string;
  readonly summary: string;
  readonly for: TargetKind;
  readonly when?: readonly TroubleClass[];
  readonly sloMs: number;
  readonly steps: readonly StepDefinition[];
  readonly origin: Origin;
  /** As shown: `playbooks/hung-process.yaml`. */
  readonly file: string;
  /** As written. */
  readonly text: string;
  readonly placeOf: (path: Path) => Place;
};

export type Origin = 'shipped' | 'own';

export type StepDefinition = {
  readonly action: string;
  /** In the action's own words and units. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Undefined: the action's own. */
  readonly timeoutMs: number | undefined;
  readonly when?: readonly TroubleClass[];
  readonly retries: number;
  readonly backoffMs: number;
  /** `checks` without the name of the target. */
  readonly verify: 'none' | WrittenVerify;
};

export type WrittenVerify = {
  readonly checks?: readonly string[];
  readonly goods?: number;
  readonly everyMs?: number;
  readonly withinMs?: number;
};
