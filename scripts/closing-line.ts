import { appendFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

/**
 * Ends every test run with what was skipped and `N passed, N failed, N skipped`. With TALLY_FILE set the three numbers are also appended
 * there, so that .ci/run can add up several runs. A file that could not even be loaded counts as one failure.
 */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const tally = { passed: 0, failed: unhandled.length, skipped: 0 };
    for (const module of modules) {
      tally.failed += module.errors().length;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state !== 'pending') tally[state] += 1;
        if (state === 'skipped') process.stdout.write(`skipped: ${test.fullName}\n`);
      }
    }
    const { passed, failed, skipped } = tally;
    process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
    const file = process.env['TALLY_FILE'];
    if (file !== undefined) appendFileSync(file, `${passed} ${failed} ${skipped}\n`);
  }
}
