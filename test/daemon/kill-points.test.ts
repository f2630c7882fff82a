import { expect, test } from 'vitest';
import { type Boundary, cannotTrace } from '../helpers/boundaries.ts';
import { InterruptedStory } from '../helpers/interrupted-story.ts';
import { killAtEach } from '../helpers/kill-points.ts';

/** One of each kind; `npm run test:long` takes them all. */
const SAMPLE = [
  'clone #2', // written down, not begun
  'wait4 #2', // done, not heard of
  'rename state.json #9', // heard of, not written down
  'fsync folder home #10', // written down
  'fsync audit.jsonl #2',
  'rename alert-queue.json #1',
];

test.skipIf(cannotTrace !== '')(
  `killed between what is saved, done and told, a daemon repeats nothing and forgets nothing${cannotTrace}`,
  async ({ onTestFinished }) => {
    const story = await new InterruptedStory(onTestFinished).begin();
    const { met } = await story.round();
    const sample = SAMPLE.map((name) => met.find((one) => one.name === name)).filter(
      (one): one is Boundary => one !== undefined,
    );
    expect(sample.length).toBeGreaterThanOrEqual(SAMPLE.length - 1);
    const { kills } = await killAtEach(sample, onTestFinished, 3);
    expect(kills).toBeGreaterThanOrEqual(SAMPLE.length - 1);
  },
);
