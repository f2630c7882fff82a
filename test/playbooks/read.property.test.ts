import fc from 'fast-check';
import { expect, it } from 'vitest';
import { actions } from '../../actions/index.ts';
import { worstCaseMs } from '../../src/playbooks/times.ts';
import { anyCharacter } from '../helpers/any-character.ts';
import { runs } from '../helpers/runs.ts';
import { read } from './reading.ts';

const anything = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    1.5,
    1e21,
    '',
    '~',
    '30s',
    '1h',
    '90%',
    '4KB',
    'none',
    'hung',
    'http',
    'KILL',
  ),
  fc.string({ unit: anyCharacter, maxLength: 6 }),
  fc.array(fc.constantFrom<unknown>('hung', 'http', 7, null, {}), { maxLength: 3 }),
  fc.dictionary(
    fc.constantFrom('checks', 'good', 'every', 'within', 'argv', 'env', 'signal', 'file'),
    fc.constantFrom<unknown>('1s', 2, ['x'], null),
    { maxKeys: 3 },
  ),
);
const names = fc.constantFrom(...actions.map(({ name }) => name), 'nothing');
const step = fc.record(
  {
    action: names,
    with: anything,
    timeout: anything,
    when: anything,
    retries: anything,
    backoff: anything,
    verify: anything,
  },
  { requiredKeys: ['action'] },
);
const playbook = fc.record(
  {
    name: fc.constant('mine'),
    summary: fc.constant('x'),
    for: fc.constantFrom('service', 'disk', 'memory', 'logs', 'x'),
    when: anything,
    slo: anything,
    steps: fc.array(
      fc.oneof(
        step,
        names.map((action) => ({ action })),
      ),
      { maxLength: 3 },
    ),
  },
  { requiredKeys: ['name', 'summary', 'for', 'steps'] },
);

it('is read to an end whatever stands in it, and what is taken comes to an end within its objective', () => {
  fc.assert(
    fc.property(playbook, (written) => {
      // JSON is YAML.
      const reading = read(JSON.stringify(written));
      if (!reading.ok) {
        expect(reading.problems.length).toBeGreaterThan(0);
        for (const { message } of reading.problems) expect(message).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
        return;
      }
      const { steps, for: kind, sloMs } = reading.definition;
      expect(steps.length).toBeGreaterThan(0);
      expect(worstCaseMs(steps, kind)).toBeLessThanOrEqual(sloMs);
      expect(sloMs).toBeLessThanOrEqual(3_600_000);
      expect(steps.at(-1)?.verify).not.toBe('none');
    }),
    { numRuns: runs(60) },
  );
});
