import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type FakeGateway, installGateway } from '../fixtures/gateway/install.ts';
import { freePort, TestDaemon } from './daemon.ts';

type AtEnd = ConstructorParameters<typeof TestDaemon>[0];
type Options = {
  readonly brand?: FakeGateway['brand'];
  readonly flags?: readonly string[];
  /** Options of the service, over those of the tests. */
  readonly rest?: object;
  /** Where it is installed; in the daemon's home, unless said otherwise. */
  readonly root?: string;
};

const QUICK = { cooldown: '1s', bringUpBackoff: '100ms', retryEvery: '200ms' };

/** A daemon that is told nothing but the preset and the start command, and a gateway that was never started. */
export async function withGateway(
  atEnd: AtEnd,
  { brand = 'openclaw', flags = [], rest = {}, root: place }: Options = {},
) {
  const daemon = new TestDaemon(atEnd);
  const root = place ?? join(daemon.home, 'agent');
  mkdirSync(root, { recursive: true });
  const fake = installGateway(root, brand, await freePort());
  const start = [process.execPath, fake.entry, 'gateway', ...flags];
  const times = { hungAfter: '3s', startGrace: '20s', stopGrace: '2s', every: '1s' };
  daemon.write({
    services: { gateway: { preset: 'gateway', env: fake.env, start, ...times, policy: QUICK, ...rest } },
  });
  return { daemon, fake };
}

/** One whose owner says yes and does nothing, so that its own command line is asked. For `unit: docker:gateway`. */
export const CONTAINER = {
  rest: {
    start: undefined,
    unit: 'docker:gateway',
    startGrace: '3s',
    policy: { ...QUICK, cooldown: '5m', uncleanEnds: { most: 15 } },
  },
  says: JSON.stringify([
    {
      ...{ Id: '0a1b', Name: 'gateway', HostConfig: { RestartPolicy: { Name: 'no' } } },
      State: { Status: 'exited', ExitCode: 1 },
    },
  ]),
};
