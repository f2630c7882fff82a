import { join } from 'node:path';
import type { GatewayPlace } from '../../core/gateway.ts';
import { lastLinesOf } from '../tail.ts';

/** What somebody last asked the gateway's own command line to do about it. `at` is wall time in ms. */
export type LifecycleWish = { readonly at: number; readonly action: string; readonly line: string };

const LINES = 50;

/** The last line of `gateway-restart.log` that names an action; only openclaw writes it. */
export function readLastWish(place: GatewayPlace): LifecycleWish | undefined {
  return lastWishIn(lastLinesOf(join(place.stateFolder, 'logs', 'gateway-restart.log'), 0, LINES));
}

export function lastWishIn(lines: readonly string[]): LifecycleWish | undefined {
  for (const line of lines.toReversed()) {
    const [, time = '', action = ''] = /^\[([^\]]+)\] openclaw gateway lifecycle .*\baction=(\w+)/.exec(line) ?? [];
    const at = Date.parse(time);
    if (action !== '' && Number.isFinite(at)) return { at, action, line };
  }
  return undefined;
}
