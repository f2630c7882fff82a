import { Argument, Command, CommanderError } from 'commander';
import { PersonError } from '../errors.ts';
import { version } from '../version.ts';
import type { CommandSpec } from './command-spec.ts';
import { commands } from './commands.ts';
import { type Context, createContext } from './context.ts';
import type { Options } from './options.ts';
import { readSight } from './snapshot.ts';
import { usageOf } from './usage.ts';

/** Reads the command line with commander and runs the command; resolves to its exit code. Throws USAGE. */
export async function runProgram(args: readonly string[]): Promise<number> {
  let exit = 0;
  const program = new Command('jarvis-health')
    .description('Keeps one host healthy: looks, judges, recovers, verifies and tells, and does no harm.')
    .version(version(), '--version', 'the version of this program')
    .helpOption('-h, --help', 'help for a command')
    .helpCommand('help [command]', 'help for a command')
    .option('--home <folder>', 'home folder (default: ~/jarvis-health, or JARVIS_HEALTH_HOME)')
    .option('--config <file>', 'config file (default: config.yaml in the home folder)')
    .option('--json', 'machine-readable output')
    .option('--no-color', 'no colours (or NO_COLOR)')
    .option('--once', 'the same as `check`')
    .addHelpText('after', '\nExamples:\n  jarvis-health start\n  jarvis-health status\n  jarvis-health explain hub')
    .configureHelp({ helpWidth: Math.min(process.stdout.columns || 80, 80) })
    // What goes wrong is said in one form for all commands, by reportError.
    .configureOutput({ writeErr: () => {} })
    .exitOverride();
  for (const spec of commands) {
    add(program, spec, async (words, options) => {
      if (program.opts().once === true)
        throw new PersonError('USAGE', '--once takes the place of a command.', 'jarvis-health --once');
      const { run } = await spec.load();
      exit = await run(createContext(program.opts()), words, options);
    });
  }
  try {
    await program.parseAsync(withOnce(args), { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    if (error.code === 'commander.help') {
      process.stderr.write(program.helpInformation());
      return 64;
    }
    throw await usageOf(error, args, () => targetNames(createContext(program.opts())));
  }
  return exit;
}

function add(
  program: Command,
  spec: CommandSpec,
  run: (words: readonly string[], options: Options) => Promise<void>,
): void {
  const command = program
    .command(spec.name)
    .description(spec.summary)
    .addHelpText('after', `\nExample:\n  ${spec.example}`);
  for (const { name, text, choices } of spec.arguments) {
    const argument = new Argument(name, text);
    command.addArgument(choices === undefined ? argument : argument.choices(choices));
  }
  for (const [flags, text] of spec.options) command.option(flags, text);
  command.action(() => run(command.args, command.opts()));
}

/** `--once` in place of a command's name is `check`. */
function withOnce(args: readonly string[]): readonly string[] {
  const at = args.indexOf('--once');
  if (at < 0) return args;
  return args.some((word) => commands.some(({ name }) => name === word)) ? args : args.with(at, 'check');
}

/** What may be named on this host; nothing when that cannot be known now. */
async function targetNames(context: Context): Promise<readonly string[]> {
  try {
    const { snapshot } = await readSight(context);
    return snapshot?.targets.map(({ id }) => id) ?? [];
  } catch {
    return [];
  }
}
