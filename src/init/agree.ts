import { shortCommand } from '../core/command-line.ts';
import type { Agreement, Proposal } from './proposal.ts';

/** Asks a person; no is what an empty answer means. */
export type Question = (question: string) => Promise<boolean>;

/** Asks once for every decision that lets something be acted upon, and for nothing that is not there. */
export async function agree(proposal: Proposal, ask: Question): Promise<Agreement> {
  const owned = proposal.services
    .filter(({ acts }) => acts === 'owner')
    .map(({ name, unit }) => (unit === undefined ? name : `${name} (${unit})`));
  const owners = owned.length > 0 && (await ask(`Restart ${sayNames(owned)} through who supervises it when down?`));
  const starts = new Set<string>();
  for (const { name, acts, start } of proposal.services) {
    if (acts === 'owner-asked' && (await ask(`Restart ${name} through its owner when down?`))) starts.add(name);
    if (acts !== 'start' || start === undefined) continue;
    if (await ask(`Start ${name} with \`${shortCommand(start.argv)}\` when down?`)) starts.add(name);
  }
  const logs = proposal.logs.length > 0 && (await ask('Rotate logs over 100 MB in the folders above?'));
  return { owners, starts, logs };
}

function sayNames(names: readonly string[]): string {
  const shown = names.slice(0, 4);
  return names.length > shown.length ? `${shown.join(', ')} and ${names.length - shown.length} more` : shown.join(', ');
}
