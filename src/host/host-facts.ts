import { hostname, uptime } from 'node:os';
import { wallMs } from './clock.ts';
import { zoneName } from './zone.ts';

export type HostFacts = {
  readonly name: string;
  /** IANA name, for example `Europe/Berlin`; `UTC` when the system has none. */
  readonly tz: string;
  /** Wall time in ms, to the second. */
  readonly bootAt: number;
};

export function readHostFacts(): HostFacts {
  return {
    name: hostname(),
    tz: zoneName(),
    bootAt: Math.round((wallMs() - uptime() * 1_000) / 1_000) * 1_000,
  };
}
