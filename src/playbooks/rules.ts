import { nearest } from '../config/nearest.ts';
import type { Finding } from '../config/problems.ts';
import { quote } from '../config/schema/option.ts';
import type { TargetKind } from '../core/plan.ts';
import { sayDuration, writeDuration } from '../core/units.ts';
import type { Actions } from './catalog.ts';
import type { StepDefinition } from './definition.ts';
import { LONGEST_SLO_MS, type Written, type WrittenStep } from './schema.ts';
import { waitsMs, worstCaseMs } from './times.ts';

/** Names of checks that a service can have; those of other targets are known only by their config. */
const CHECKS_OF_SERVICES = ['process', 'http', 'tcp', 'gateway'];

export function nameRules({ name }: Written, file: string): readonly Finding[] {
  if (name === file) return [];
  return [{ path: ['name'], message: `is ${quote(name)}, ${file} is needed: a playbook is named as its file` }];
}

/** A name that can be typed, and be a file on every disk. */
export function isName(name: string): boolean {
  return /^[a-z0-9][a-z0-9-]{0,63}$/.test(name);
}

export function unknownAction({ action }: WrittenStep, actions: Actions, at: number): Finding {
  const names = actions.map((each) => each.name);
  const meant = nearest(action, names);
  return {
    path: ['steps', at, 'action'],
    message: `is ${quote(action)}, which is no action; there are ${names.join(', ')}`,
    allowed: names.join(', '),
    ...(meant === undefined ? {} : { didYouMean: meant }),
  };
}

/** What can never come true, however the host is. */
export function stepRules(step: WrittenStep, definition: StepDefinition, kind: TargetKind, at: number): Finding[] {
  const path = ['steps', at];
  const findings: Finding[] = [];
  const { verify, timeoutMs, options } = definition;
  if (timeoutMs !== undefined && timeoutMs < waitsMs(options))
    findings.push({
      path: [...path, 'timeout'],
      message: `is ${writeDuration(timeoutMs)}, but its options alone take ${writeDuration(waitsMs(options))}`,
    });
  if (step.backoff !== 30_000 && step.retries === 0)
    findings.push({ path: [...path, 'backoff'], message: 'has no effect without retries', severity: 'warning' });
  if (verify === 'none') return findings;
  const { goods = 1, everyMs = 0, withinMs } = verify;
  if (withinMs !== undefined && goods * everyMs > withinMs)
    findings.push({
      path: [...path, 'verify'],
      message: `can never be true: ${goods} good looks, one every ${writeDuration(everyMs)}, take longer than ${writeDuration(withinMs)}`,
    });
  for (const [index, check] of (kind === 'service' ? (verify.checks ?? []) : []).entries()) {
    if (CHECKS_OF_SERVICES.includes(check)) continue;
    const meant = nearest(check, CHECKS_OF_SERVICES);
    findings.push({
      path: [...path, 'verify', 'checks', index],
      message: `is ${quote(check)}, which is no check of a service; there are ${CHECKS_OF_SERVICES.join(', ')}`,
      ...(meant === undefined ? {} : { didYouMean: meant }),
    });
  }
  return findings;
}

/** A run must come to an end, and its last step must be able to prove that it helped. */
export function endRules({ slo, for: kind }: Written, steps: readonly StepDefinition[]): readonly Finding[] {
  const findings: Finding[] = [];
  if (steps.at(-1)?.verify === 'none')
    findings.push({
      path: ['steps', steps.length - 1, 'verify'],
      message: 'is none, but nothing follows that could show whether it helped',
    });
  const worstMs = worstCaseMs(steps, kind);
  if (worstMs > slo) {
    const most = worstMs <= LONGEST_SLO_MS ? `a longer slo (${writeDuration(LONGEST_SLO_MS)} at most), ` : '';
    findings.push({
      path: ['slo'],
      message: `is ${writeDuration(slo)}, but its steps may take ${sayDuration(worstMs)} with every timeout, retry, wait and verification: write ${most}fewer retries or shorter times`,
    });
  }
  return findings;
}
