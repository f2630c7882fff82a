import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { RunCommand } from '../sight.ts';
import { run } from '../steps.ts';
import { filesIn } from './folder.ts';
import { cronCommand, isAtBoot, isCronOften } from './recurs.ts';
import type { Rival } from './rival.ts';
import { isSure, type Sign, signOf } from './signs.ts';

const RETIRED = '# retired by jarvis-health: ';

/** Lines of this user's crontab, and of the host's, that restart a gateway. */
export async function rivalCronLines(etc: string, home: string, runCommand: RunCommand): Promise<readonly Rival[]> {
  const own = await runCommand(['crontab', '-l'], 5_000);
  return [...(own.ok ? ownLines(own.stdout, home) : []), ...hostLines(etc)];
}

/** One rival for all of them: they are retired by writing the table anew, with these lines as comments. */
function ownLines(table: string, home: string): readonly Rival[] {
  const signs = table.split('\n').filter(isRival);
  if (signs.length === 0) return [];
  const before = freeName(join(home, 'crontab-before'));
  const after = `${before}.new`;
  const lines = table.split('\n').map((line) => (isRival(line) ? `${RETIRED}${line}` : line));
  return [
    {
      id: 'crontab',
      name: signs.length === 1 ? 'a line of your crontab' : `${signs.length} lines of your crontab`,
      where: 'crontab -l',
      sign: signs.join('\n'),
      // They go together or not at all.
      isSure: signs.every(isSureLine),
      retire: [
        { do: 'write', file: before, text: table, mode: 0o600 },
        { do: 'write', file: after, text: lines.join('\n'), mode: 0o600 },
        run(['crontab', after]),
        { do: 'remove', file: after },
      ],
      byHand: 'crontab -e',
      undo: `crontab ${before}`,
    },
  ];
}

function hostLines(etc: string): readonly Rival[] {
  const files = [...filesIn(etc, 'crontab'), ...filesIn(join(etc, 'cron.d'), '')];
  return files.flatMap(({ path, text }) =>
    text
      .split('\n')
      .filter(isRival)
      .map((sign) => ({
        id: path,
        name: `a line of ${path}`,
        where: path,
        sign,
        isSure: isSureLine(sign),
        retire: [],
        byHand: `sudo nano ${path}`,
        undo: '',
      })),
  );
}

function isRival(line: string): boolean {
  const sign = signOn(line);
  // What is started once, at boot, heals nothing.
  return sign !== undefined && (sign.isOld || !isAtBoot(line));
}

function isSureLine(line: string): boolean {
  const sign = signOn(line);
  return sign !== undefined && isSure(sign, isCronOften(line));
}

function signOn(line: string): Sign | undefined {
  return line.trimStart().startsWith('#') ? undefined : signOf(cronCommand(line).split(/\s+/));
}

function freeName(path: string): string {
  for (let number = 1; ; number += 1) if (!existsSync(`${path}-${number}`)) return `${path}-${number}`;
}
