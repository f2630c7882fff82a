import { expect, test } from 'vitest';
import { reportTopProcesses } from '../../actions/report-top-processes.ts';
import { context, folder } from './act.ts';

test('names the hungriest processes with sizes and shares, no more than asked for', async () => {
  const outcome = await reportTopProcesses.run({ count: 2 }, context(await folder(), { reason: 'over-limit' }));
  expect(outcome.outcome).toBe('done');
  expect(outcome.did.length).toBeGreaterThanOrEqual(2);
  expect(outcome.did.length).toBeLessThanOrEqual(4);
  for (const line of outcome.did)
    expect(line).toMatch(/^.+ \(pid \d+\): [\d.]+ (TB|GB|MB|kB|B), (idle|\d+% of a core)$/);
});
