import { nearest } from '../config/nearest.ts';
import type { Snapshot, TargetView } from '../core/snapshot.ts';
import { PersonError } from '../errors.ts';

/** Throws TARGET_UNKNOWN with the name that was probably meant, or with why it is not watched. */
export function findTarget(snapshot: Snapshot, name: string): TargetView {
  const found = snapshot.targets.find((target) => target.id === name);
  if (found !== undefined) return found;
  const ids = snapshot.targets.map((target) => target.id);
  const meant = nearest(name, ids);
  const { configRefused } = snapshot.daemon;
  throw new PersonError(
    'TARGET_UNKNOWN',
    `There is no target "${name}".`,
    meant !== undefined
      ? `Did you mean ${meant}?`
      : configRefused !== undefined
        ? `${configRefused}, so what it adds is not watched. See: jarvis-health config check`
        : `Known targets: ${ids.join(', ')}.`,
  );
}
