import { describe, expect, it } from 'vitest';
import { classify } from '../../src/core/classify.ts';

describe('the class of a trouble', () => {
  it('follows the look that found it, and says what it said', () => {
    expect(classify({ reason: 'silent', message: 'no answer within 10 s' })).toEqual({
      class: 'hung',
      because: ['no answer within 10 s'],
    });
  });
});
