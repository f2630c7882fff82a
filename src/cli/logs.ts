import { setTimeout as pause } from 'node:timers/promises';
import { PersonError } from '../errors.ts';
import { pathsOf } from '../store/home.ts';
import { clean } from '../text/clean.ts';
import { isLevel, LEVELS, type LogEntry, parseLogLine, renderLogEntry } from '../text/log-line.ts';
import type { Context } from './context.ts';
import { findTarget } from './find-target.ts';
import { followLog, linesBackwards, logFiles } from './log-files.ts';
import { countOption, type Options, textOption } from './options.ts';
import { readSight } from './snapshot.ts';

const LOOK_EVERY_MS = 200;

export async function run(context: Context, _args: readonly string[], options: Options): Promise<number> {
  const folder = pathsOf(context.home).logs;
  const wanted = filterOf(options);
  const most = countOption(options, 'lines', 50);
  const follower = options.follow === true ? followLog(folder) : undefined;
  const files = logFiles(folder);
  if (files.length === 0 && follower === undefined) {
    throw new PersonError(
      'DAEMON_NOT_RUNNING',
      `There is no log in ${folder} yet.`,
      'Start the daemon: jarvis-health start',
    );
  }
  const lines = last(files, most, wanted);
  for (const line of lines) print(context, line);
  const target = textOption(options, 'target');
  if (lines.length === 0 && target !== undefined && most > 0) await noLineAbout(context, target);
  while (follower !== undefined) {
    for (const line of follower.next()) if (wanted(parseLogLine(line))) print(context, line);
    await pause(LOOK_EVERY_MS);
  }
  return 0;
}

/** Nothing was found: says so, and throws TARGET_UNKNOWN when nothing of that name is watched either. */
async function noLineAbout(context: Context, target: string): Promise<void> {
  const { snapshot } = await readSight(context);
  if (snapshot !== undefined) findTarget(snapshot, target);
  context.say(`No line about ${clean(target, 64)} yet.`);
}

function filterOf(options: Options): (entry: LogEntry | undefined) => boolean {
  const level = textOption(options, 'level')?.toLowerCase() ?? 'trace';
  if (!isLevel(level)) {
    throw new PersonError('USAGE', `--level is "${level}".`, `Levels: ${Object.keys(LEVELS).join(', ')}.`);
  }
  const target = textOption(options, 'target');
  return (entry) =>
    entry !== undefined && entry.level >= LEVELS[level] && (target === undefined || entry.fields.target === target);
}

function last(
  files: readonly string[],
  most: number,
  wanted: (entry: LogEntry | undefined) => boolean,
): readonly string[] {
  const lines: string[] = [];
  for (const line of linesBackwards(files)) {
    if (lines.length >= most) break;
    if (wanted(parseLogLine(line))) lines.push(line);
  }
  return lines.reverse();
}

/** With `--json` the entry as one line, made anew so that nothing in it is obeyed by a terminal. */
function print(context: Context, line: string): void {
  const entry = parseLogLine(line);
  if (entry === undefined) return;
  if (context.json) context.outLine(JSON.parse(line));
  else context.out(`${renderLogEntry(entry, context.paper())}\n`);
}
