import type { Snapshot } from '../core/snapshot.ts';
import { saySize } from '../core/units.ts';
import { block } from './lines.ts';
import type { Paper } from './paper.ts';
import { table } from './table.ts';
import { count } from './words.ts';

/** What was seen on the host besides the targets: who listens, which log folders are large. */
export function foundLines(found: Snapshot['found'], paper: Paper): string[] {
  const inner: Paper = { ...paper, width: paper.width - 2 };
  const indent = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);
  const listeners = found.listeners.map((l) => ({
    cells: [String(l.port), l.address, l.pid === undefined ? '–' : String(l.pid), l.command || 'not visible from here'],
  }));
  const folders = found.logFolders.map((f) => ({
    cells: [
      saySize(f.bytes),
      count(f.files, 'file'),
      f.path,
      f.largest === '' ? '' : `largest ${f.largest} ${saySize(f.largestBytes)}`,
    ],
  }));
  return [
    ...block(
      'Listening here',
      listeners.length === 0
        ? []
        : indent(
            table(
              [
                { title: 'port', right: true },
                { title: 'address', max: 24, min: 9 },
                { title: 'pid', right: true },
                { title: 'command', min: 10 },
              ],
              listeners,
              inner,
            ),
          ),
      paper,
    ),
    ...block(
      'Log folders',
      folders.length === 0
        ? []
        : indent(
            table(
              [
                { title: 'size', right: true },
                { title: 'files', right: true },
                { title: 'folder', min: 20 },
                { title: '', min: 0 },
              ],
              folders,
              inner,
            ),
          ),
      paper,
    ),
  ];
}
