import type { Operations } from '../../src/http/operations.ts';
import { anAlert, broken } from '../text/samples.ts';

/** Operations of a daemon that keeps what it was asked, in memory. Unknown names are refused as the real one does. */
export function memoryOperations(over: Partial<Operations> = {}): {
  readonly operations: Operations;
  readonly asked: string[];
} {
  const asked: string[] = [];
  let pending = [anAlert()];
  const known = (id: string) => id === 'all' || broken().targets.some((target) => target.id === id);
  const answer = async (what: string, id: string) => {
    asked.push(what);
    return known(id)
      ? ({ ok: true, text: `${what}.` } as const)
      : ({
          ok: false,
          trouble: { code: 'TARGET_UNKNOWN', message: `There is no target "${id}".`, hint: 'Known targets: hub.' },
        } as const);
  };
  const operations: Operations = {
    snapshot: broken,
    ready: () => ({ ready: true, because: 'it has looked' }),
    runChecks: async (targets) => {
      asked.push(`look at ${targets?.join(' ') ?? 'all'}`);
      return [];
    },
    recover: async (id, { dryRun, force, by }) => ({
      ...(await answer(`recover ${id} dryRun=${dryRun} force=${force} by ${by}`, id)),
      lines: ['kill -TERM 812'],
    }),
    hold: (id, { forMs, reason, silent, by }) =>
      answer(`hold ${id} for ${forMs} because ${reason} silent=${silent} by ${by}`, id),
    release: (id, by) => answer(`release ${id} by ${by}`, id),
    silence: (id, { forMs, by }) => answer(`silence ${id} for ${forMs} by ${by}`, id),
    unsilence: (id, by) => answer(`unsilence ${id} by ${by}`, id),
    ackIncident: (id, by) => answer(`ack ${id} by ${by}`, 'all'),
    stopIncident: (id, by) => answer(`stop ${id} by ${by}`, 'all'),
    alerts: async () => pending,
    takeAlerts: async () => {
      const taken = pending;
      pending = [];
      return taken;
    },
    ackAlert: (id, by) => answer(`ack alert ${id} by ${by}`, 'all'),
    stop: (by) => {
      asked.push(`end, by ${by}`);
      return { text: 'The daemon is ending.', withinMs: 0 };
    },
    ...over,
  };
  return { operations, asked };
}
