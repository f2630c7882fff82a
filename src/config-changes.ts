import type { ConfigReading, ConfigSource, LoadedConfig } from './config/load.ts';
import { type Problem, writeProblem } from './config/problems.ts';
import type { Config } from './config/schema/config.ts';
import { watchConfig } from './config/watch.ts';
import { wallMs } from './host/clock.ts';
import type { Log } from './log.ts';
import type { Notice } from './store/notice.ts';

/** Follows the config file. A wrong one changes nothing: the last good one stays in force, and the trouble is shown. */
export function readConfigChanges(options: {
  readonly source: Omit<ConfigSource, 'env'>;
  readonly loaded: LoadedConfig;
  readonly signal: AbortSignal;
  readonly log: Log;
  readonly use: (loaded: LoadedConfig) => Promise<void>;
  readonly onTrouble: () => void;
}): { trouble(): string | undefined; refused(): string | undefined; notices(): readonly Notice[] } {
  const { log } = options;
  let trouble = warningsOf(options.loaded, log);
  let refused: string | undefined;
  let notices: readonly Notice[] = [];
  let turn: Promise<void> = Promise.resolve();

  async function take(reading: ConfigReading): Promise<void> {
    if (!reading.ok) {
      refused = refusalOf(reading.problems[0]);
      trouble = `${reading.code}: ${inShort(reading.problems.map(writeProblem))}; the last good config stays in force`;
      log.error({ code: reading.code, problems: reading.problems.map(writeProblem) }, 'config refused');
      return options.onTrouble();
    }
    refused = undefined;
    trouble = warningsOf(reading.loaded, log);
    const late = needRestart(options.loaded.config, reading.loaded.config);
    notices = late.length === 0 ? [] : [{ at: wallMs(), code: 'CONFIG_NEEDS_RESTART', text: restartText(late) }];
    await options.use(reading.loaded);
    log.info({ file: reading.loaded.file, ...(late.length > 0 && { notYet: late }) }, 'config in force');
  }

  watchConfig(
    { ...options.source, env: process.env },
    (reading) => {
      turn = turn
        .then(() => take(reading))
        .catch((error: unknown) => log.error({ problem: String(error) }, 'config change broke'));
    },
    { signal: options.signal, since: options.loaded.stamp },
  );
  return { trouble: () => trouble, refused: () => refused, notices: () => notices };
}

/** What is opened once and kept open: its options are read at the start only. */
function needRestart(before: Config, now: Config): readonly string[] {
  return [
    ...(before.alerts.pendingFile === now.alerts.pendingFile ? [] : ['alerts.pendingFile']),
    ...(['level', 'maxSize', 'keep'] as const).flatMap((name) =>
      before.log[name] === now.log[name] ? [] : [`log.${name}`],
    ),
  ];
}

function restartText(names: readonly string[]): string {
  return `The change of ${names.join(' and ')} is in force after: jarvis-health restart`;
}

/** `config.yaml is refused (line 7)`. */
function refusalOf(problem: Problem | undefined): string {
  const where = problem?.line === undefined ? '' : ` (line ${problem.line})`;
  return `${problem?.file ?? 'The config'} is refused${where}`;
}

function warningsOf(loaded: LoadedConfig, log: Log): string | undefined {
  if (loaded.warnings.length === 0) return undefined;
  const lines = loaded.warnings.map(writeProblem);
  log.warn({ warnings: lines }, 'config warnings');
  return inShort(lines);
}

/** What fits into a notice; `config check` shows them all, with the lines they stand in. */
function inShort(lines: readonly string[]): string {
  const [first = '', second = ''] = lines;
  if (lines.length <= 2) return lines.join('; ');
  return `${first}; ${second}; and ${lines.length - 2} more, see \`jarvis-health config check\``;
}
