import { describe, it } from 'vitest';
import { crashRounds } from './crash-rounds.ts';
import { scratch } from './scratch.ts';

describe('kill -9 in the middle of saving', () => {
  it('loses nothing that was acknowledged: state, alerts and audit', () => crashRounds(scratch(), 5), 60_000);
});
