import type { Owner } from '../core/owner.ts';
import { readUnitName } from '../core/unit-name.ts';

/** How `unit:` of a config names an owner; `undefined` for a name that a config does not take. */
export function unitText(owner: Owner): string | undefined {
  const text = textOf(owner);
  return typeof readUnitName(text) === 'string' ? undefined : text;
}

function textOf(owner: Owner): string {
  switch (owner.kind) {
    case 'systemd':
      return owner.unit;
    case 'launchd':
      return `launchd:${owner.label}`;
    case 'pm2':
      return `pm2:${owner.name}`;
    case 'container':
      return `${owner.engine}:${owner.name}`;
  }
}

/** Why we, running as `uid`, may not ask this owner to restart anything; `undefined` when we may. */
export function notOurs(owner: Owner, uid: number): string | undefined {
  if (owner.kind === 'systemd' && owner.uid !== undefined && owner.uid !== uid)
    return "It belongs to another user's systemd.";
  const isSystems = (owner.kind === 'systemd' && owner.scope === 'system') || isSystemJob(owner);
  return isSystems && uid !== 0 ? 'Only root may restart it: sudo jarvis-health install --system' : undefined;
}

function isSystemJob(owner: Owner): boolean {
  return owner.kind === 'launchd' && owner.domain === 'system';
}
