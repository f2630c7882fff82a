import { join } from 'node:path';
import { PersonError } from '../errors.ts';

/** Where the daemon is installed: for one user, or for the whole host. */
export type Scope = 'user' | 'system';

/** Who starts it at boot and keeps it running, under which name, and in which file that is written down. */
export type Place =
  | { readonly kind: 'systemd'; readonly scope: Scope; readonly name: string; readonly file: string }
  | {
      readonly kind: 'launchd';
      readonly scope: Scope;
      readonly name: string;
      readonly file: string;
      /** launchd's name for where a job lives: `gui/501`, `system`. */
      readonly domain: string;
    };

const UNIT = 'jarvis-health.service';
/** Our own: openclaw removes foreign jobs below its prefix. */
const LABEL = 'local.jarvis-health';
export const SYSTEM_HOME = '/var/lib/jarvis-health';

/** Throws SUPERVISOR_MISSING where neither systemd nor launchd is at home. */
export function placeOf(where: {
  readonly platform: NodeJS.Platform;
  readonly scope: Scope;
  readonly uid: number;
  readonly homeFolder: string;
}): Place {
  const { platform, scope, uid, homeFolder } = where;
  if (platform === 'linux') {
    const folder = scope === 'system' ? '/etc/systemd/system' : join(homeFolder, '.config/systemd/user');
    return { kind: 'systemd', scope, name: UNIT, file: join(folder, UNIT) };
  }
  if (platform === 'darwin') {
    const folder = scope === 'system' ? '/Library/LaunchDaemons' : join(homeFolder, 'Library/LaunchAgents');
    const domain = scope === 'system' ? 'system' : `gui/${uid}`;
    return { kind: 'launchd', scope, name: LABEL, file: join(folder, `${LABEL}.plist`), domain };
  }
  throw new PersonError(
    'SUPERVISOR_MISSING',
    `This system (${platform}) has neither systemd nor launchd.`,
    'Start it by what starts programs here: jarvis-health start --foreground',
  );
}

/** As people call it. */
export function namePlace(place: Place): string {
  if (place.kind === 'systemd') return `systemd ${place.scope} unit ${place.name}`;
  return `launchd ${place.scope === 'system' ? 'daemon' : 'agent'} ${place.name}`;
}

export function systemctl(place: Place, ...words: readonly string[]): readonly string[] {
  return ['systemctl', ...(place.scope === 'user' ? ['--user'] : []), '--no-ask-password', ...words];
}
