import type { JSX } from 'preact';
import type { Range } from './past/strip.ts';
import * as WORDS from './words.ts';

const RANGES: readonly Range[] = ['day', 'month', 'quarter'];

/** 24 h, 30 d, 90 d. The keys 1, 2 and 3 press these buttons. */
export function RangeSwitch({ range, choose }: { range: Range; choose: (range: Range) => void }): JSX.Element {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out in a row in every engine
    <div class="ranges" role="group" aria-label={WORDS.range}>
      {RANGES.map((one, i) => (
        <button
          type="button"
          key={one}
          data-key={String(i + 1)}
          aria-keyshortcuts={String(i + 1)}
          aria-pressed={one === range}
          aria-label={WORDS.rangeLong[one]}
          onClick={() => choose(one)}
        >
          {WORDS.ranges[one]}
        </button>
      ))}
    </div>
  );
}
