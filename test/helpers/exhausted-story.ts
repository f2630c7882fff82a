import { writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import { type Boundary, trace } from './boundaries.ts';
import { RETRIES } from './interrupted-files.ts';
import type { InterruptedStory } from './interrupted-story.ts';

/** As its policy says, in an hour. */
export const MOST = 3;
const BRING_UP_TRIES = 3;

/**
 * The app never starts again, and each daemon is killed at the next of these moments: all of them together do no more than
 * one daemon may, and then a person is told, once. Gives the number of kills.
 */
export async function exhaust(story: InterruptedStory, moments: readonly Boundary[]): Promise<number> {
  const before = story.seen();
  writeFileSync(story.at('fails'), '1000\n');
  process.kill(before.state.targets['web']?.tracked?.pid ?? 0, 'SIGKILL');
  let kills = 0;
  for (const moment of moments) {
    const { process: daemon } = story.daemon;
    const ended = new Promise<true>((resolve) => daemon?.once('exit', () => resolve(true)));
    const watched = await trace(daemon?.pid ?? 0, story.at('trace'), moment);
    const killed = await Promise.race([ended, spent(story).then(() => false)]);
    await watched.end();
    if (!killed) break;
    kills += 1;
    story.daemon.process = undefined;
    await story.daemon.start();
  }
  await spent(story);
  const atLast = assertNoMore(story, before.ledger.length);
  // A new daemon begins no new hour.
  await story.daemon.kill('SIGKILL');
  await story.daemon.start();
  await story.daemon.until('the new daemon rests too', async () =>
    (await story.daemon.target('web')).rulings.some(({ code }) => code === 'limit-trial'),
  );
  await spent(story);
  expect(assertNoMore(story, before.ledger.length)).toEqual(atLast);
  return kills;
}

function assertNoMore(story: InterruptedStory, since: number): readonly string[] {
  const { state, ledger } = story.seen();
  const done = ledger.slice(since);
  const { attempts = [] } = state.targets['web'] ?? {};
  expect(attempts.map(({ id }) => id)).toEqual(['1', '2', '3']);
  expect(done.filter((line) => line.startsWith('mark ')).length).toBeLessThanOrEqual(MOST);
  expect(done.length).toBeLessThanOrEqual(MOST * (1 + RETRIES + 1) + BRING_UP_TRIES);
  const { pending, taken } = story.queue();
  expect(taken).toEqual([]);
  expect(pending.map(({ alert }) => alert.kind)).toEqual(['opened', 'failed']);
  expect(story.processes()).toEqual([]);
  return done;
}

/** The attempts of the hour are used up, and that is told. */
function spent(story: InterruptedStory): Promise<true> {
  return story.daemon.until('nothing more may be done', () => {
    const { state } = story.seen();
    const { attempts = [], incident = '' } = state.targets['web'] ?? {};
    const isOver = attempts.length >= MOST && attempts.every(({ phase }) => phase === 'ended');
    const isTold = state.incidents[incident]?.sent.failed === true && state.outbox.length === 0;
    return isOver && isTold ? true : undefined;
  });
}
