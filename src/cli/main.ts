import { homeIn } from './home-of.ts';
import { runProgram } from './program.ts';
import { reportError } from './report-error.ts';

/** Runs one command line (without `node` and the script); resolves to the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    return await runProgram(args);
  } catch (error) {
    return reportError(error, args.includes('--json'), homeIn(args, process.env));
  }
}
