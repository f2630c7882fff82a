import type { Memories } from './core/overview.ts';
import type { Plan } from './core/plan.ts';

const KEPT = 10;

/** What changed on this host in the life of the daemon, for whoever asks what was different before. Times are wall times. */
export function createChanges(began: { readonly bootAt: number; readonly startedAt: number; readonly plan: Plan }) {
  let { plan: inForce } = began;
  let changes: Memories['changes'] = [
    { at: began.bootAt, text: 'The host was booted' },
    { at: began.startedAt, text: 'The health daemon was started' },
  ];

  function notePlan(plan: Plan, at: number): void {
    if (plan === inForce) return;
    inForce = plan;
    changes = [...changes, { at, text: 'The config was changed' }].slice(-KEPT);
  }

  return { notePlan, list: () => changes };
}
