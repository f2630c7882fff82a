import { describe, expect, it } from 'vitest';
import type { Event } from '../src/core/events.ts';
import type { State } from '../src/core/state.ts';
import type { Effect } from '../src/core/turn.ts';
import type { Now } from '../src/core/types.ts';
import { createInbox } from '../src/inbox.ts';
import { initialState } from '../src/store/state.ts';
import { servicePlan } from './helpers/plans.ts';

const BOOTED: Event = { type: 'booted', sinceBootMs: 86_400_000 };
const ASKED: Event = {
  type: 'asked',
  request: 1,
  by: 'ada',
  wish: { type: 'hold', scope: 'web', forMs: 60_000, reason: 'work', silent: false },
};

/** An inbox whose saves end when the test says so; `story` is what happened, in its order. */
function inboxWith() {
  const story: string[] = [];
  const saves: { state: State; end: (error?: Error) => void }[] = [];
  const performed: { effects: readonly Effect[]; saved: boolean }[] = [];
  let now: Now = { at: 1_800_000_000_000, steady: 1_000_000 };
  const inbox = createInbox({
    world: { state: initialState(), latest: {} },
    plan: () => servicePlan({ web: {} }),
    now: () => {
      story.push('judge');
      now = { at: now.at + 1, steady: now.steady + 1 };
      return now;
    },
    save: (state) => {
      story.push('save');
      return new Promise((resolve, reject) => {
        saves.push({ state, end: (error) => (error === undefined ? resolve() : reject(error)) });
      });
    },
    perform: (effects, saved) => {
      story.push('perform');
      performed.push({ effects, saved });
    },
    isOld: (event) => event.type === 'asked' && event.by === 'yesterday',
    onChange: () => undefined,
    onFault: (error) => story.push(`fault ${error}`),
  });
  return { inbox, story, saves, performed };
}

describe('the inbox', () => {
  it('performs nothing before the state that explains it is on disk', async () => {
    const { inbox, story, saves, performed } = inboxWith();
    inbox.push(BOOTED);
    expect(story).toEqual(['judge', 'save']);
    expect(saves[0]?.state).toBe(inbox.world().state);
    saves[0]?.end();
    await inbox.settled();
    expect(story).toEqual(['judge', 'save', 'perform']);
    expect(performed[0]).toMatchObject({ saved: true });
  });

  it('judges one event after the other, and what came during a save together after it', async () => {
    const { inbox, story, saves, performed } = inboxWith();
    inbox.push(BOOTED);
    inbox.push(ASKED);
    inbox.push({ ...ASKED, request: 2 });
    expect(story).toEqual(['judge', 'save']);
    saves[0]?.end();
    await new Promise(setImmediate);
    expect(story).toEqual(['judge', 'save', 'perform', 'judge', 'judge', 'save']);
    saves[1]?.end();
    await inbox.settled();
    const answered = performed.flatMap(({ effects }) => effects).filter((effect) => effect.type === 'answer');
    expect(answered.map((effect) => effect.request)).toEqual([1, 2]);
  });

  it('drops what has lost its meaning while it waited', async () => {
    const { inbox, saves, performed } = inboxWith();
    inbox.push(BOOTED);
    inbox.push({ ...ASKED, by: 'yesterday' });
    inbox.push({ ...ASKED, request: 2 });
    saves[0]?.end();
    await new Promise(setImmediate);
    saves[1]?.end();
    await inbox.settled();
    const answered = performed.flatMap(({ effects }) => effects).filter((effect) => effect.type === 'answer');
    expect(answered.map((effect) => effect.request)).toEqual([2]);
  });

  it('says of effects that they could not be saved, and saves again with the next event though nothing changed', async () => {
    const { inbox, saves, performed } = inboxWith();
    inbox.push(BOOTED);
    saves[0]?.end();
    await inbox.settled();
    inbox.push(ASKED);
    saves[1]?.end(new Error('ENOSPC'));
    await inbox.settled();
    expect(performed.at(-1)?.saved).toBe(false);
    const { state } = inbox.world();
    inbox.push({ type: 'ticked' });
    expect(inbox.world().state).toBe(state);
    expect(saves[2]?.state).toBe(state);
    saves[2]?.end();
    await inbox.settled();
    expect(performed.at(-1)?.saved).toBe(true);
    inbox.push({ type: 'ticked' });
    await inbox.settled();
    expect(saves).toHaveLength(3);
  });
});
