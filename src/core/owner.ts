/**
 * Whoever supervises a process and restarts it: it is asked first (DESIGN §5.2). Nobody is `undefined`.
 */
export type Owner =
  | {
      readonly kind: 'systemd';
      readonly scope: 'user' | 'system';
      readonly unit: string;
      /** Whose user manager it is, when that is not our own user. */
      readonly uid?: number | undefined;
    }
  /** `domain`: `gui/501`, `user/501` or `system` (launchctl(1)). */
  | { readonly kind: 'launchd'; readonly domain: string; readonly label: string }
  /** `id` and `home` (PM2_HOME) are known once its process was seen. */
  | {
      readonly kind: 'pm2';
      readonly name: string;
      readonly id?: number | undefined;
      readonly home?: string | undefined;
    }
  | {
      readonly kind: 'container';
      readonly engine: 'docker' | 'podman';
      readonly name: string;
      readonly id?: string | undefined;
    };

/** What an owner says of the one it owns. Durations in ms. */
export type OwnerSight = {
  readonly state: 'running' | 'starting' | 'restarting' | 'stopping' | 'stopped' | 'failed' | 'missing';
  readonly mainPid: number | undefined;
  /** It starts it again by itself when it ends badly. */
  readonly restartsItself: boolean;
  /** What is left of its own delay (RestartSec, ThrottleInterval, restart_delay) before it acts; only while it waits. */
  readonly actsWithinMs: number | undefined;
  /** It is down because somebody wanted it so, or it ended as it was meant to: left so. */
  readonly stoppedByPerson: boolean;
  /** It has restarted it too often and does so no more. */
  readonly startLimitHit: boolean;
  /** How the last process ended, while none runs. */
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  /** It ended because memory ran out, as its owner counted. */
  readonly outOfMemory?: boolean;
  readonly startTimeoutMs: number | undefined;
  readonly stopTimeoutMs: number | undefined;
  /** One plain sentence without a full stop: `hub.service failed with status 1`. */
  readonly says: string;
};

/** `systemd (user unit hub.service)`, `pm2 (hub)`, `launchd (ai.example.hub)`, `docker (hub)`. */
export function nameOwner(owner: Owner): string {
  const of = owner.kind === 'systemd' ? `${owner.scope} unit ${owner.unit}` : nameOwned(owner);
  return `${keeperOf(owner)} (${of})`;
}

/** What the owner itself calls the one it owns: `hub.service`. */
export function nameOwned(owner: Owner): string {
  switch (owner.kind) {
    case 'systemd':
      return owner.unit;
    case 'launchd':
      return owner.label;
    case 'pm2':
    case 'container':
      return owner.name;
  }
}

/** What a person types to have it started again. */
export function startLine(owner: Owner): string {
  switch (owner.kind) {
    case 'systemd':
      return `systemctl ${owner.scope === 'user' ? '--user ' : ''}start ${owner.unit}`;
    case 'launchd':
      return `launchctl kickstart ${owner.domain}/${owner.label}, after launchctl enable or bootstrap where it is disabled or not loaded`;
    case 'pm2':
      return `pm2 restart ${owner.name}`;
    case 'container':
      return `${owner.engine} start ${owner.name}`;
  }
}

/** `systemd`, `launchd`, `pm2`, `docker`. */
export function keeperOf(owner: Owner): string {
  return owner.kind === 'container' ? owner.engine : owner.kind;
}

export function sameOwner(a: Owner | undefined, b: Owner | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (a.kind !== b.kind || nameOwner(a) !== nameOwner(b)) return false;
  return placeOf(a) === placeOf(b);
}

/** Two of one name are told apart by where they are. */
function placeOf(owner: Owner): string {
  switch (owner.kind) {
    case 'systemd':
      return String(owner.uid ?? '');
    case 'launchd':
      return owner.domain;
    case 'pm2':
      return `${owner.home ?? ''} ${owner.id ?? ''}`;
    case 'container':
      return owner.id ?? '';
  }
}
