import type { Snapshot } from '../core/snapshot.ts';
import { say } from './lines.ts';
import type { Paper } from './paper.ts';
import { renderStatus } from './status.ts';
import { dateTime } from './time.ts';

/**
 * The text of health.txt: the same picture as `status`, plain, 80 columns. It outlives its truth, so it begins with its
 * own age. Signs are ASCII because a browser that opens a local .txt guesses the encoding.
 */
export function renderHealthText(snapshot: Snapshot, nowMs: number): string {
  const paper: Paper = { width: 80, color: false, unicode: false, nowMs };
  const expected = Math.max(120_000, 6 * snapshot.everyMs) / 60_000;
  return [
    ...say(`Written ${dateTime(snapshot.writtenAt)} (${snapshot.host.tz}) on ${snapshot.host.name}.`, 0, paper),
    `If that is more than ${Math.ceil(expected)} minutes ago, the daemon is not running and this is old.`,
    '',
    renderStatus(
      snapshot,
      { all: true, absence: snapshot.daemon.state === 'stopped' ? 'not running' : undefined },
      paper,
    ),
  ].join('\n');
}
