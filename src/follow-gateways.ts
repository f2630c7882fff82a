import type { LoadedConfig } from './config/load.ts';
import { findGateways } from './gateways.ts';
import type { Log } from './log.ts';

const LOOK_EVERY_MS = 10_000;

/**
 * Calls `onChange` when a gateway moves, is installed, gets another config or unit; its port is in the plan. Looks only
 * where a preset asks for one: a few reads of small files.
 */
export function followGateways(options: {
  readonly loaded: () => LoadedConfig;
  readonly onChange: () => Promise<void>;
  readonly log: Log;
  readonly everyMs?: number;
}): NodeJS.Timeout {
  const { loaded, onChange, log, everyMs = LOOK_EVERY_MS } = options;
  const look = async (): Promise<{ readonly of: LoadedConfig; readonly seen: string }> => {
    const of = loaded();
    return { of, seen: JSON.stringify(await findGateways(of)) };
  };
  let last = look();
  const follow = async (): Promise<void> => {
    const before = await last;
    last = look();
    const now = await last;
    // A config of ours that changed meanwhile has been compiled anew already.
    if (now.seen === before.seen || now.of !== before.of) return;
    log.info({ gateways: now.seen }, 'gateway changed');
    await onChange();
  };
  return setInterval(
    () => void follow().catch((error: unknown) => log.error({ problem: String(error) }, 'gateway not followed')),
    everyMs,
  );
}
