import * as v from 'valibot';
import type * as yaml from 'yaml';
import { type ConfigDocument, readDocument } from '../config/document.ts';
import { findingOf } from '../config/issues.ts';
import { codeFrame, type Finding, locate, type Problem } from '../config/problems.ts';
import { quote } from '../config/schema/option.ts';
import { shapeOf, writePath } from '../config/shape.ts';
import { structureFindings } from '../config/structure.ts';
import type { Actions } from './catalog.ts';
import type { Definition, Origin, PlaybookReading, StepDefinition } from './definition.ts';
import { readOptions } from './options.ts';
import { endRules, nameRules, stepRules, unknownAction } from './rules.ts';
import { playbookSchema, type Written, type WrittenStep } from './schema.ts';
import type { Sealing } from './seal-option.ts';

export type ReadContext = Sealing & {
  /** Its name, from the name of its file. */
  readonly name: string;
  /** As shown: `playbooks/hung-process.yaml`. */
  readonly file: string;
  readonly origin: Origin;
  readonly actions: Actions;
  readonly library: typeof yaml;
};

/** Every problem with its line and column, as with the config. Pure. */
export function readPlaybook(text: string, context: ReadContext): PlaybookReading {
  const { file, library } = context;
  const document = readDocument(text, library);
  const troubles = document.troubles.map(({ place, path, message }): Problem => {
    return { severity: 'error', file, ...place, path: writePath(path), message };
  });
  if (!document.readable) return refuse(troubles, text, context);
  const shape = shapeOf(playbookSchema);
  const tree = document.value;
  const form = isMap(tree) ? structureFindings(tree, shape) : [notAMap(tree)];
  const parsed = isMap(tree) ? v.safeParse(playbookSchema, tree) : undefined;
  const deeper = parsed?.success === true ? judge(parsed.output, context) : undefined;
  const findings = [
    ...form,
    ...(parsed?.success === false ? parsed.issues.flatMap((issue) => findingOf(issue, shape) ?? []) : []),
    ...(deeper?.findings ?? []),
  ];
  const problems = [...troubles, ...located(findings, file, document)].toSorted(byPlace);
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0 || parsed?.success !== true || deeper === undefined) return refuse(errors, text, context);
  const { name, summary, for: kind, when, slo } = parsed.output;
  const definition: Definition = {
    ...{ name, summary, for: kind, sloMs: slo, steps: deeper.steps, origin: context.origin, file, text },
    ...(when === undefined ? {} : { when }),
    placeOf: document.placeOf,
  };
  return { ok: true, definition, warnings: problems };
}

/** What the fields say about each other, once each is right by itself. */
function judge(
  written: Written,
  context: ReadContext,
): { readonly steps: readonly StepDefinition[]; readonly findings: readonly Finding[] } {
  const findings: Finding[] = [...nameRules(written, context.name)];
  const steps: StepDefinition[] = [];
  for (const [at, step] of written.steps.entries()) {
    const action = context.actions.find(({ name }) => name === step.action);
    if (action === undefined) {
      findings.push(unknownAction(step, context.actions, at));
      continue;
    }
    const { options, findings: wrong } = readOptions(step.with ?? {}, action, written.for, context, ['steps', at]);
    const definition = stepOf(step, options);
    steps.push(definition);
    findings.push(...wrong, ...stepRules(step, definition, written.for, at));
  }
  const isRight = findings.every(({ severity }) => severity === 'warning');
  return { steps, findings: [...findings, ...(isRight ? endRules(written, steps) : [])] };
}

function stepOf(
  { action, timeout, when, retries, backoff, verify = {} }: WrittenStep,
  options: StepDefinition['options'],
): StepDefinition {
  return {
    ...{ action, options, timeoutMs: timeout, retries, backoffMs: backoff },
    ...(when === undefined ? {} : { when }),
    verify: verify === 'none' ? verify : proofOf(verify),
  };
}

function proofOf({ checks, good, every, within }: Exclude<NonNullable<WrittenStep['verify']>, 'none'>) {
  return {
    ...(checks === undefined ? {} : { checks }),
    ...(good === undefined ? {} : { goods: good }),
    ...(every === undefined ? {} : { everyMs: every }),
    ...(within === undefined ? {} : { withinMs: within }),
  };
}

function notAMap(tree: unknown): Finding {
  const message = tree === undefined ? 'is empty' : `is ${quote(tree)}, a map (lines of key: value) is needed`;
  return { path: [], message };
}

function located(findings: readonly Finding[], file: string, document: ConfigDocument): readonly Problem[] {
  return findings.map((finding) => locate(finding, file, document, new Map()));
}

function refuse(problems: readonly Problem[], text: string, { name, file }: ReadContext): PlaybookReading {
  const lines = text.split(/\r\n|\r|\n/);
  const frames = problems.map(({ line, column = 1, length = 1 }) =>
    line === undefined ? undefined : codeFrame(lines, { line, column, length }),
  );
  return { ok: false, name, file, problems, frames };
}

function byPlace(a: Problem, b: Problem): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
