import { describe, expect, it } from 'vitest';
import { cleanEnvironment, serviceEnvironment } from '../../src/host/environment.ts';
import { escapeUnitName } from '../../src/host/user-manager.ts';

describe('the environment of what we start', () => {
  it('has what is the user’s and nothing that speaks of us', () => {
    const users = {
      HOME: '/home/a',
      PATH: '/usr/bin',
      LANG: 'C',
      NODE_ENV: 'production',
      DBUS_SESSION_BUS_ADDRESS: 'x',
    };
    const ours = {
      NODE_OPTIONS: 'x',
      NOTIFY_SOCKET: 'x',
      WATCHDOG_USEC: '1',
      JARVIS_HEALTH_HOME: 'x',
      npm_config_a: 'x',
    };
    expect(cleanEnvironment({ ...users, ...ours, UNSET: undefined })).toEqual(users);
  });

  it('loses from PATH what `npm start` put there, and only then', () => {
    const PATH = '/app/node_modules/.bin:/usr/lib/node_modules/npm/bin/node-gyp-bin:/usr/bin';
    expect(cleanEnvironment({ PATH, npm_lifecycle_event: 'start' })['PATH']).toBe('/usr/bin');
    expect(cleanEnvironment({ PATH })['PATH']).toBe(PATH);
  });

  it('lets the config win over the user’s, and nothing over our marks', () => {
    const env = { LANG: 'de', JARVIS_HEALTH_SERVICE: 'forged' };
    expect(serviceEnvironment({ name: 'web', home: '/h', cwd: '/srv', env })).toMatchObject({
      ...{ LANG: 'de', PWD: '/srv', JARVIS_HEALTH_SERVICE: 'web', JARVIS_HEALTH_HOME: '/h' },
    });
  });
});

describe('the name of a unit', () => {
  it.each([
    ['web', 'web'],
    ['a.b_C9', 'a.b_C9'],
    ['.hidden', '\\x2ehidden'],
    ['my hub', 'my\\x20hub'],
    ['a-b/c', 'a\\x2db\\x2fc'],
    ['ü', '\\xc3\\xbc'],
    ['%n', '\\x25n'],
  ])('%j is %j', (name, unit) => {
    expect(escapeUnitName(name)).toBe(unit);
  });

  it('fits, and is another for another service, however long the name is', () => {
    const [a, b] = [escapeUnitName(`${'ü'.repeat(100)}a`), escapeUnitName(`${'ü'.repeat(100)}b`)];
    expect(a.length).toBeLessThan(200);
    expect(a).not.toBe(b);
  });
});
