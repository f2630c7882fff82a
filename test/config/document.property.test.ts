import fc from 'fast-check';
import { expect, it } from 'vitest';
import * as yaml from 'yaml';
import { readDocument } from '../../src/config/document.ts';
import { judge } from '../../src/config/judge.ts';
import { anyCharacter } from '../helpers/any-character.ts';
import { runs } from '../helpers/runs.ts';
import { reading } from './homes.ts';

/** 20 kB in the unit suite, 100 kB at length. */
const MUCH = 500 * runs(40);

it.each(['[', '{a: ', '- ', '*a ', '&a ', 'a: b\n', '"'])(
  'survives many kB of %j, which would abort Node or hold it for seconds',
  async (piece) => {
    expect(await reading(piece.repeat(MUCH / piece.length))).toMatchObject({ ok: false, code: 'CONFIG_INVALID' });
  },
);

it('never throws, however broken or hostile the text', () => {
  const pieces = fc.constantFrom(
    ...'services|disk|:| |\n|- |{|}|[|]|"|&a|*a|<<|!t|>|?|#|%|~|1|__proto__|\ufeff|\t'.split('|'),
    '|',
    "'",
    '$' + '{A}',
  );
  const texts = fc.array(fc.oneof(pieces, fc.string({ unit: anyCharacter, maxLength: 3 })), { maxLength: 30 });
  fc.assert(
    fc.property(texts, (parts) => {
      const document = readDocument(parts.join(''), yaml);
      const read = judge({
        file: '/x/config.yaml',
        name: 'config.yaml',
        stamp: '',
        home: '/x',
        env: {},
        ownPlaybooks: [],
        document,
      });
      if (read.ok) return;
      expect(read.problems.length).toBeGreaterThan(0);
      for (const { message } of read.problems) expect(message).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
    }),
    { numRuns: runs(50) },
  );
});

it('reads the same values as the YAML library does', () => {
  const values = fc.letrec((tie) => ({
    node: fc.oneof(
      { maxDepth: 4 },
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      tie('list'),
      tie('map'),
    ),
    list: fc.array(tie('node'), { maxLength: 4 }),
    map: fc.dictionary(fc.stringMatching(/^[a-z0-9 ]{0,6}$/), tie('node'), { maxKeys: 4 }),
  })).map;
  fc.assert(
    fc.property(values, (value) => {
      const document = readDocument(yaml.stringify(value), yaml);
      expect(document.troubles).toEqual([]);
      expect(document.value).toEqual(value);
    }),
    { numRuns: runs(50) },
  );
});
