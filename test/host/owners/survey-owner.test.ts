import { expect, onTestFinished, test } from 'vitest';
import { commandsFor, type Deed } from '../../../src/host/owners/owner-commands.ts';
import { surveyOwner } from '../../../src/host/owners/survey-owner.ts';
import { readUnit } from '../../../src/host/owners/systemd.ts';
import { folder, identityOf } from '../../actions/act.ts';
import { startFixture } from '../../fixtures/start.ts';
import { fakeSystemctl } from './fake-systemctl.ts';

const asked = { service: 'hub', unit: 'hub.service', port: undefined, tracked: undefined, owner: undefined };
const again = { ActiveState: 'activating', SubState: 'auto-restart' };
const exit1 = { Result: 'exit-code', ExecMainCode: '1', ExecMainStatus: '1' };

test.each<[Record<string, string>, readonly object[]]>([
  [{ ActiveState: 'activating', SubState: 'start', TimeoutStartUSec: '20s' }, [{ kind: 'owner', forMs: 20_000 }]],
  [{ ActiveState: 'activating', SubState: 'start', TimeoutStartUSec: 'infinity' }, [{ kind: 'owner', forMs: 90_000 }]],
  [{ ActiveState: 'deactivating', TimeoutStopUSec: '10s' }, [{ kind: 'owner', forMs: 10_000 }]],
  [{ ActiveState: 'deactivating', TimeoutStopUSec: '5min' }, [{ kind: 'owner', forMs: 60_000 }]],
  // Its delay is long over by its stamps: only the time to see it is left.
  [{ ...again, RestartUSec: '1s' }, [{ kind: 'owner', forMs: 2_000 }]],
  [{ ActiveState: 'inactive' }, [{ kind: 'stopped-by-person', forMs: 600_000 }]],
  [{ ActiveState: 'inactive', LoadState: 'not-found' }, []],
  [{ ActiveState: 'failed', Restart: 'no', NRestarts: '3', ...exit1 }, []],
  [{ ActiveState: 'active', SubState: 'running' }, []],
])('how long a unit that is %j is left to systemd', async (properties, holds) => {
  fakeSystemctl(await folder(), properties);
  const { holds: found } = await surveyOwner(asked);
  expect(found).toHaveLength(holds.length);
  expect(found).toMatchObject(holds);
});

test('what of it lives on beside its owner is no reason to wait for a restart, which cannot help', async () => {
  fakeSystemctl(await folder(), again);
  const left = await startFixture('web.mjs');
  onTestFinished(left.stop);
  const tracked = { ...(await identityOf(left.pid)), hadTerminal: false, proven: true, ownGroup: undefined };
  expect((await surveyOwner({ ...asked, tracked })).holds).toEqual([]);
  expect((await surveyOwner(asked)).holds).toHaveLength(1);
});

test.each<[Deed, boolean, readonly string[]]>([
  ['start', false, ['start hub.service']],
  ['start', true, ['reset-failed hub.service', 'start hub.service']],
  ['restart', true, ['reset-failed hub.service', 'restart hub.service']],
  ['replace', false, ['kill --kill-whom=main --signal=SIGKILL hub.service']],
])('how systemd is told to %s, once it has given up: %s', async (deed, givenUp, orders) => {
  fakeSystemctl(await folder(), {});
  const shown = givenUp ? 'ActiveState=failed\nLoadState=loaded\nResult=start-limit-hit' : 'ActiveState=active';
  const commands = await commandsFor(
    { kind: 'systemd', scope: 'user', unit: 'hub.service' },
    readUnit(shown, 'hub.service', 0),
    deed,
  );
  expect(commands.map(({ argv }) => argv.join(' ').replace('systemctl --user --no-ask-password ', ''))).toEqual(orders);
});
