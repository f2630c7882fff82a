import type { HistoryView } from '../core/history-view.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { sayUptime } from '../core/uptime.ts';
import { say } from './lines.ts';
import type { Paper } from './paper.ts';
import { renderStatus } from './status.ts';
import { table } from './table.ts';
import { dateTime, shortTime } from './time.ts';

/**
 * The text of health.txt: the same picture as `status`, plain, 80 columns. It outlives its truth, so it begins with its
 * own age. Signs are ASCII because a browser that opens a local .txt guesses the encoding.
 */
export function renderHealthText(snapshot: Snapshot, nowMs: number, history?: HistoryView): string {
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
    ...uptimes(snapshot, history, paper),
  ].join('\n');
}

/** As the page has it; it is read four times an hour, so it says until when it counts. */
function uptimes({ targets }: Snapshot, history: HistoryView | undefined, paper: Paper): string[] {
  const services = new Set(targets.filter(({ kind }) => kind === 'service').map(({ id }) => id));
  const known = history?.targets.filter(({ id, uptime: { quarter } }) => services.has(id) && quarter.knownMs > 0) ?? [];
  if (history === undefined || known.length === 0) return [];
  const rows = known.map(({ id, uptime: { day, month, quarter } }) => ({
    cells: [id, sayUptime(day), sayUptime(month), sayUptime(quarter)],
  }));
  const columns = [
    { title: `uptime until ${shortTime(history.writtenAt, paper.nowMs)}`, max: 32 },
    ...['24 h', '30 days', '90 days'].map((title) => ({ title, right: true })),
  ];
  return [...table(columns, rows, paper), ''];
}
