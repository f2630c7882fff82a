/**
 * Flap detection with Nagios' weights: the last 21 confirmed states, each change weighted from 0.75 (oldest) to
 * 1.25 (newest), as a share of the 20 possible changes. On at 50 %, off at 25 %.
 * Source: Nagios Core documentation, "Detection and Handling of State Flapping".
 */
const REMEMBERED = 21;

/** `states`: oldest first, 0 good and 1 bad (any two different numbers are a change). Returns 0 to 1. */
export function flapShare(states: readonly number[]): number {
  const changes = REMEMBERED - 1;
  let sum = 0;
  for (let i = 1; i < states.length; i++) {
    if (states[i] === states[i - 1]) continue;
    // Newest change has index 19 whatever the length, so that a short history is not over-weighted.
    const age = changes - (states.length - i);
    sum += 0.75 + (0.5 * age) / (changes - 1);
  }
  return sum / changes;
}

export function isFlapping(states: readonly number[], was: boolean): boolean {
  const share = flapShare(states);
  return was ? share > 0.25 : share >= 0.5;
}

/** Adds one state. A row of nothing but this state stays the same object: it has no change that could grow old. */
export function remember(states: readonly number[], state: number): readonly number[] {
  if (states.length > 0 && states.every((one) => one === state)) return states;
  return [...states, state].slice(-REMEMBERED);
}
