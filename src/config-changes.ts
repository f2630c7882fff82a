import type { ConfigReading, ConfigSource, LoadedConfig } from './config/load.ts';
import { type Problem, writeProblem } from './config/problems.ts';
import { watchConfig } from './config/watch.ts';
import type { Log } from './log.ts';

/** Follows the config file. A wrong one changes nothing: the last good one stays in force, and the trouble is shown. */
export function readConfigChanges(options: {
  readonly source: Omit<ConfigSource, 'env'>;
  readonly loaded: LoadedConfig;
  readonly signal: AbortSignal;
  readonly log: Log;
  readonly use: (loaded: LoadedConfig) => Promise<void>;
  readonly onTrouble: () => void;
}): { trouble(): string | undefined; refused(): string | undefined } {
  const { log } = options;
  let trouble = warningsOf(options.loaded, log);
  let refused: string | undefined;
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
    await options.use(reading.loaded);
    log.info({ file: reading.loaded.file }, 'config in force');
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
  return { trouble: () => trouble, refused: () => refused };
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
