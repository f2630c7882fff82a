import { actionNamed } from '../actions/index.ts';
import { checkNamed } from '../checks/index.ts';
import { judge } from './core/judge.ts';
import type { Plan } from './core/plan.ts';
import type { World } from './core/state.ts';
import { createClock } from './host/clock.ts';
import { lookOnce } from './look.ts';
import { type Rehearsed, rehearse } from './rehearse.ts';
import { pathsOf } from './store/home.ts';
import { peekState } from './store/peek-state.ts';
import { initialState } from './store/state.ts';

/**
 * A rehearsal without a daemon: by what the last one remembered and one look at the target now. Writes nothing and locks
 * nothing.
 */
export async function rehearseAlone(
  home: string,
  plan: Plan,
  wish: { readonly target: string; readonly playbook: string; readonly force: boolean },
  by: string,
): Promise<Rehearsed> {
  const state = (await peekState(pathsOf(home).state)) ?? initialState();
  const clock = createClock(state.clock.bootId === '' ? undefined : state.clock);
  const onlyLooks: Plan = { ...plan, mode: 'observe' };
  let world: World = { state, latest: {} };
  const sinceBootMs = clock.stamp().uptimeMs;
  world = judge(world, { type: 'booted', sinceBootMs }, onlyLooks, clock.now()).world;
  for (const check of Object.values(plan.checks).filter(({ target }) => target === wish.target)) {
    const looker = checkNamed(check.name);
    if (looker === undefined) continue;
    const { tracked, owner } = world.state.targets[wish.target] ?? {};
    const result = await lookOnce(check, looker, { look: 1, tracked, owner, now: clock.now(), home });
    world = judge(world, { type: 'looked', result }, onlyLooks, clock.now()).world;
  }
  return await rehearse(
    {
      ...{ home, plan: () => plan, now: clock.now, inbox: { world: () => world } },
      action: async (name) => actionNamed(name),
    },
    { type: 'recover', ...wish },
    by,
  );
}
