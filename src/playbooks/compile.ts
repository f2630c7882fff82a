import * as v from 'valibot';
import { nearest } from '../config/nearest.ts';
import { type Finding, locate, type Problem } from '../config/problems.ts';
import { quote } from '../config/schema/option.ts';
import type { GivenStep, TargetSketch } from '../config/sketch.ts';
import type { Playbook, Step, Verify } from '../core/plan.ts';
import { writeDuration } from '../core/units.ts';
import { type Actions, entriesOf, informs, type KnownAction } from './catalog.ts';
import type { Definition, StepDefinition } from './definition.ts';
import { ownTimeoutMs } from './times.ts';

/** `problems` is empty where the target's config leaves nothing to be done: no folder to clean, no log to rotate. */
export type Compiled =
  | { readonly ok: true; readonly playbook: Playbook }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** A playbook for one target: what the config of the target gives to its actions, under what its steps say. Pure. */
export function compilePlaybook(definition: Definition, sketch: TargetSketch, actions: Actions): Compiled {
  const findings: Finding[] = [];
  const { name, summary, when, sloMs, file } = definition;
  const steps = definition.steps.flatMap((step, at) => {
    const action = actions.find((one) => one.name === step.action);
    if (action === undefined) throw new TypeError(`no action ${step.action}`);
    const verify = verifyFor(step, sketch, at, findings);
    const given: readonly GivenStep[] = sketch.given.steps?.[action.name] ?? [{ options: sketch.given.options }];
    return given.flatMap((one) => stepFor(step, action, one, verify, { at, target: sketch.target.id, findings }));
  });
  if (findings.length > 0 || steps.length === 0) {
    const placed = { placeOf: definition.placeOf };
    return { ok: false, problems: findings.map((finding) => locate(finding, file, placed, new Map())) };
  }
  return { ok: true, playbook: { name, summary, ...(when === undefined ? {} : { when }), sloMs, steps } };
}

function stepFor(
  step: StepDefinition,
  action: KnownAction,
  given: GivenStep,
  verify: Verify,
  { at, target, findings }: { readonly at: number; readonly target: string; readonly findings: Finding[] },
): readonly Step[] {
  const known = Object.keys(entriesOf(action.options)).filter((name) => action.takes?.includes(name) ?? true);
  const taken = Object.entries(given.options).filter(([name]) => known.includes(name));
  const options = { ...Object.fromEntries(taken), ...step.options };
  const [issue] = v.safeParse(action.options, options).issues ?? [];
  if (issue !== undefined) {
    findings.push({ path: ['steps', at], message: notFor(action, issue, target) });
    return [];
  }
  return [
    {
      action: action.name,
      options,
      timeoutMs: step.timeoutMs ?? ownTimeoutMs(action.name, options),
      ...(step.when === undefined ? {} : { when: step.when }),
      ...(given.checks === undefined ? {} : { checks: given.checks }),
      recovers: !informs(action),
      retries: step.retries,
      backoffMs: step.backoffMs,
      verify,
    },
  ];
}

/** What the playbook itself says was right already, so it is the config of the target that lacks something. */
function notFor(action: KnownAction, issue: v.BaseIssue<unknown>, target: string): string {
  const key = String(issue.path?.[0]?.key ?? '');
  const isMissing = issue.input === undefined && key !== '';
  return isMissing
    ? `cannot be done for ${target}: ${action.name} needs ${key}, which its config does not say`
    : `cannot be done for ${target}: ${key === '' ? '' : `${key}: `}${issue.message}`;
}

function verifyFor({ verify }: StepDefinition, sketch: TargetSketch, at: number, findings: Finding[]): Verify {
  if (verify === 'none') return verify;
  const { checks, ...times } = verify;
  const prefix = `${sketch.target.id}:`;
  const names = sketch.checks.map(({ id }) => id.slice(prefix.length));
  for (const [index, check] of (checks ?? []).entries()) {
    if (names.includes(check)) continue;
    const meant = nearest(check, names);
    findings.push({
      path: ['steps', at, 'verify', 'checks', index],
      message: `is ${quote(check)}, which ${sketch.target.id} does not have: it can never be well; there are ${names.join(', ')}`,
      ...(meant === undefined ? {} : { didYouMean: meant }),
    });
  }
  const asked = sketch.checks.filter(({ id }) => checks?.includes(id.slice(prefix.length)) ?? true);
  const goods = times.goods ?? Math.max(1, ...asked.map(({ successThreshold }) => successThreshold));
  if (times.withinMs !== undefined && goods * (times.everyMs ?? 0) > times.withinMs)
    findings.push({
      path: ['steps', at, 'verify'],
      message: `can never be true for ${sketch.target.id}: ${goods} good looks, one every ${writeDuration(times.everyMs ?? 0)}, take longer than ${writeDuration(times.withinMs)}`,
    });
  return { ...(checks === undefined ? {} : { checks: checks.map((check) => `${prefix}${check}`) }), ...times };
}
