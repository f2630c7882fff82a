import type { ProcessFacts } from '../../host/processes.ts';
import type { RunCommand } from '../sight.ts';
import { rivalAgents } from './agents.ts';
import { rivalCronLines } from './cron.ts';
import { findKeepers } from './keepers.ts';
import { rivalProcesses } from './processes.ts';
import type { Rival } from './rival.ts';
import { rivalUnits } from './units.ts';

export type RivalGround = {
  readonly platform: NodeJS.Platform;
  readonly uid: number;
  readonly homeFolder: string;
  /** Our home folder, where a copy of what is changed is kept. */
  readonly home: string;
  readonly run: RunCommand;
  readonly processes: () => Promise<readonly ProcessFacts[]>;
  /** Where the host keeps its tables; another place in tests. */
  readonly etc?: string;
  readonly library?: string;
};

/**
 * Looks for whoever else restarts the agent's gateway: launchd jobs, systemd units and timers, crontab lines, and
 * running programs; by the name of the old health system, or by a command, in the place itself or in a script that it names,
 * that restarts openclaw or clawdbot. Never what the gateway runs in. Changes nothing.
 */
export async function findRivals(ground: RivalGround): Promise<readonly Rival[]> {
  const { platform, uid, homeFolder, etc = '/etc', library = '/Library' } = ground;
  const running = await ground.processes();
  const keepers = await findKeepers(homeFolder, running);
  const supervised =
    platform === 'darwin'
      ? await rivalAgents({ homeFolder, library }, uid, ground.run, keepers)
      : await rivalUnits({ homeFolder, etc }, uid === 0, ground.run, keepers);
  const written = [...supervised, ...(await rivalCronLines(etc, ground.home, ground.run))];
  return [...written, ...rivalProcesses(running, uid, written, keepers)];
}
