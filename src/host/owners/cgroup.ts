import { readFileSync } from 'node:fs';

/** Where the kernel accounts a process, as far as that names somebody who could own it. */
export type CgroupPlace =
  | {
      readonly kind: 'unit';
      readonly scope: 'user' | 'system';
      readonly unit: string;
      /** Of whose user manager the unit is. */
      readonly uid: number | undefined;
    }
  | { readonly kind: 'container'; readonly engine: 'docker' | 'podman'; readonly id: string };

/** `undefined` where there are no control groups (macOS), and for processes that are gone or stand in none of these places. */
export function cgroupOf(pid: number | 'self'): CgroupPlace | undefined {
  try {
    return placeIn(readFileSync(`/proc/${pid}/cgroup`, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Reads /proc/PID/cgroup (cgroups(7)): one line `0::PATH` with version 2, one for each controller with version 1, of
 * which systemd's own is `name=systemd`. Both at once is what systemd calls hybrid.
 */
export function placeIn(text: string): CgroupPlace | undefined {
  const lines = text.split('\n').map((line) => /^\d+:([^:]*):(.*)$/.exec(line) ?? []);
  const path = (controllers: string) => lines.find(([, names]) => names === controllers)?.[2];
  for (const one of [path(''), path('name=systemd'), path('memory'), path('pids')]) {
    const place = one === undefined ? undefined : placeOf(one);
    if (place !== undefined) return place;
  }
  return undefined;
}

const CONTAINERS: readonly { readonly engine: 'docker' | 'podman'; readonly pattern: RegExp }[] = [
  { engine: 'docker', pattern: /(?:^|\/)docker-([0-9a-f]{64})\.scope(?:\/|$)/ },
  { engine: 'docker', pattern: /(?:^|\/)docker\/([0-9a-f]{64})(?:\/|$)/ },
  { engine: 'podman', pattern: /(?:^|\/)libpod-([0-9a-f]{64})(?:\.scope)?(?:\/|$)/ },
];

function placeOf(path: string): CgroupPlace | undefined {
  for (const { engine, pattern } of CONTAINERS) {
    const id = pattern.exec(path)?.[1];
    if (id !== undefined) return { kind: 'container', engine, id };
  }
  const parts = path.split('/');
  const manager = parts.findIndex((part) => /^user@\d+\.service$/.test(part));
  const uid = manager < 0 ? undefined : Number(/\d+/.exec(parts[manager] ?? '')?.[0]);
  // Below a unit there may be groups of its own making (Delegate=); the unit is what stands nearest to its manager.
  const unit = parts.slice(manager + 1).find((part) => part.endsWith('.service'));
  const scope = parts.slice(manager + 1).find((part) => part.endsWith('.scope'));
  // Scopes hold what somebody else started: a login, a terminal, an app. The manager itself is nobody's service.
  if (unit === undefined || (scope !== undefined && parts.indexOf(scope) < parts.indexOf(unit))) return undefined;
  return { kind: 'unit', scope: uid === undefined ? 'system' : 'user', unit: unescaped(unit), uid };
}

/** systemd puts `_` before names that would collide with the kernel's own files (systemd.unit(5) says nothing of it; cg_escape in its source). */
function unescaped(unit: string): string {
  return unit.startsWith('_') ? unit.slice(1) : unit;
}
