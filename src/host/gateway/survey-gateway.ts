import { uptime } from 'node:os';
import { clockTime } from '../../core/clock-time.ts';
import { doorOf, type GatewayPlace, gatewayUrl } from '../../core/gateway.ts';
import type { ProcessIdentity } from '../../core/types.ts';
import { ask } from '../ask.ts';
import { wallMs } from '../clock.ts';
import { listProcesses, lookAt } from '../processes.ts';
import { startedAtOf } from '../started-at.ts';
import { lastBegunAt, readGatewayLock } from './lock.ts';
import { findEntry, type ProgramSearch } from './program.ts';
import { isEarly, looksLikeGateway } from './recognise-gateway.ts';
import { readLastWish } from './restart-log.ts';
import { updateSigns } from './update.ts';

/** A reason to leave the gateway alone now. `text` is one plain sentence that quotes the host. */
export type GatewayObstacle = {
  readonly kind: 'work' | 'stopped-by-person';
  readonly text: string;
  /** See FoundHold. */
  readonly isWish?: true;
};

/** How long a restart that somebody asked its command line for is theirs. */
const OWN_RESTART_MS = 60_000;
const ASK_MS = 1_500;
const YOUNG_MS = 60_000;

export type GatewaySurvey = ProgramSearch & {
  /** The process last known to be it. */
  readonly tracked?: ProcessIdentity | undefined;
  /** Somebody supervises it: then what is started is that one's business, and told by it. */
  readonly isOwned?: boolean;
};

/**
 * Whether a person stopped the gateway, its command line restarts it just now, it is being updated, drains before it
 * begins anew, or was started a moment ago by somebody.
 */
export async function surveyGateway(place: GatewayPlace, search: GatewaySurvey): Promise<readonly GatewayObstacle[]> {
  const { tracked, isOwned = false } = search;
  const nowMs = wallMs();
  const entry = findEntry(place, search);
  const updates = entry === undefined ? [] : updateSigns(entry, place.brand, nowMs);
  const drain = (await isDraining(place)) ? ['It drains: it finishes its work before it begins anew.'] : [];
  return [
    ...wished(place, nowMs, tracked === undefined ? undefined : startedAtOf(tracked)),
    ...[...updates, ...drain].map((text) => ({ kind: 'work', text, isWish: true }) as const),
    // After a crash somebody starts it too.
    ...(isOwned ? [] : await youngOnes(place, tracked)).map((text) => ({ kind: 'work', text }) as const),
  ];
}

function wished(place: GatewayPlace, nowMs: number, startedAt: number | undefined): readonly GatewayObstacle[] {
  const wish = readLastWish(place);
  if (wish === undefined) return [];
  const ofCommandLine = `(${place.brand} gateway ${wish.action})`;
  if (wish.action !== 'stop') {
    if (nowMs - wish.at >= OWN_RESTART_MS) return [];
    return [{ kind: 'work', text: `It is restarted by its own command line ${ofCommandLine}.`, isWish: true }];
  }
  // What was started after the stop, or is a matter of the boot before this one, was wanted again.
  const bootAt = nowMs - uptime() * 1_000;
  const begunAt = Math.max(bootAt, startedAt ?? 0, lastBegunAt(place) ?? 0);
  if (wish.at < begunAt) return [];
  return [{ kind: 'stopped-by-person', text: `It was stopped by hand at ${clockTime(wish.at)} ${ofCommandLine}.` }];
}

/** Until it writes its lock, which takes it ten seconds, it is only known by its title, which its commands have as well. */
async function youngOnes(place: GatewayPlace, tracked: ProcessIdentity | undefined): Promise<readonly string[]> {
  // While it lives itself, the young one is its child.
  if (tracked !== undefined && lookAt(tracked) !== 'gone') return [];
  const young = (await listProcesses()).filter(({ ageMs }) => ageMs < YOUNG_MS);
  const [one] = young.filter((facts) => looksLikeGateway(place, facts) || isEarly(place, facts));
  return one === undefined ? [] : [`A process of ${place.brand} was started a moment ago (pid ${one.pid}).`];
}

async function isDraining(place: GatewayPlace): Promise<boolean> {
  if (place.brand !== 'openclaw') return false;
  const port = (await readGatewayLock(place))?.port ?? place.port;
  const url = gatewayUrl(doorOf({ ...place, port }), '/readyz');
  const question = { url, method: 'GET', anyCertificate: true, body: 'gateway-draining' } as const;
  const reply = await ask(question, { signal: AbortSignal.timeout(ASK_MS), timeoutMs: ASK_MS });
  return reply.kind === 'answer' && reply.found === true;
}
