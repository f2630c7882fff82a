import { userInfo } from 'node:os';
import type { Owner, OwnerSight } from '../../core/owner.ts';
import type { Trouble } from '../../core/types.ts';
import { readUnitName, type UnitName } from '../../core/unit-name.ts';
import { askOwner } from './ask-owner.ts';
import { ownDomain } from './launchd.ts';

/** The owner that a config names, and what it says; where nobody has it, the one it should be, as `missing`. */
export type ConfiguredOwner = { readonly owner: Owner; readonly sight: OwnerSight } | { readonly trouble: Trouble };

/**
 * Finds who `unit:` of a config means by asking those it may mean, most likely first. A user's own unit comes before one
 * of the system. Throws on a text that the config's rules would have refused.
 */
export async function configuredOwner(unit: string): Promise<ConfiguredOwner> {
  const owners = ownersNamed(unit);
  let missing: ConfiguredOwner | undefined;
  let trouble: Trouble | undefined;
  for (const owner of owners) {
    const answer = await askOwner(owner);
    if ('trouble' in answer) trouble ??= answer.trouble;
    else if (answer.sight.state === 'missing') missing ??= { owner, sight: answer.sight };
    else return { owner, sight: answer.sight };
  }
  // A user without a manager of their own has no user units: that one could not be asked says nothing then.
  if (missing !== undefined) return missing;
  return {
    trouble: trouble ?? { code: 'OWNER_SILENT', message: `${unit} could not be asked.`, hint: 'Try it by hand.' },
  };
}

/** Every owner that the text of a `unit:` may mean on this host, most likely first. */
function ownersNamed(
  unit: string,
  platform: NodeJS.Platform = process.platform,
  uid = userInfo().uid,
): readonly Owner[] {
  const name = readUnitName(unit);
  if (typeof name === 'string') throw new Error(`unit ${unit}: ${name}`);
  switch (name.kind) {
    case 'systemd':
      return systemdUnits(name.unit);
    case 'launchd':
      return launchdJobs(name.label, uid);
    case 'plain':
      return platform === 'darwin' ? launchdJobs(name.name, uid) : systemdUnits(`${name.name}.service`);
    case 'pm2':
    case 'container':
      return [withoutPlace(name)];
  }
}

function withoutPlace(name: Extract<UnitName, { kind: 'pm2' | 'container' }>): Owner {
  return name.kind === 'pm2'
    ? { kind: 'pm2', name: name.name }
    : { kind: 'container', engine: name.engine, name: name.name };
}

function systemdUnits(unit: string): readonly Owner[] {
  return [
    { kind: 'systemd', scope: 'user', unit },
    { kind: 'systemd', scope: 'system', unit },
  ];
}

function launchdJobs(label: string, uid: number): readonly Owner[] {
  const domains = [ownDomain(uid), `user/${uid}`, 'system'];
  return [...new Set(domains)].map((domain) => ({ kind: 'launchd', domain, label }));
}
