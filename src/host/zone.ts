import { existsSync, readlinkSync } from 'node:fs';

/** Where systems keep what a zone's name means; the second is macOS. */
const ZONE_FILES = ['/usr/share/zoneinfo', '/var/db/timezone/zoneinfo'];
/** What Intl calls UTC too (ECMA-402, time zone identifiers). */
const UTC = /^(?:(?:Etc\/)?(?:UTC|GMT)|Etc\/UCT|UCT)$/;

/**
 * IANA name of the zone this process keeps its time in, for example `Europe/Berlin`; `UTC` when the system has none.
 * TZ says it, else where /etc/localtime leads, as tzset(3) and localtime(5) have it. Intl knows it as well, but the first
 * call into its data costs 8 MB of resident memory: it is asked only when the system's own answer is no plain name.
 */
export function zoneName(env: NodeJS.ProcessEnv = process.env, localtime = '/etc/localtime'): string {
  const { TZ } = env;
  const named = TZ === undefined ? nameOfLink(localtime) : TZ.replace(/^:/, '');
  if (named !== undefined) {
    if (UTC.test(named)) return 'UTC';
    if (isZone(named)) return named;
  }
  return Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
}

function nameOfLink(path: string): string | undefined {
  try {
    return /\/zoneinfo\/(?:posix\/|right\/)?(.+)$/.exec(readlinkSync(path))?.[1];
  } catch {
    return undefined;
  }
}

/** A name with a folder (`Europe/Berlin`) that this system has; what stands alone (`EST5EDT`) may be a rule instead. */
function isZone(name: string): boolean {
  return /^[A-Z][\w+-]*(?:\/[A-Z][\w+-]*)+$/.test(name) && ZONE_FILES.some((folder) => existsSync(`${folder}/${name}`));
}
