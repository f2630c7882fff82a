import { describe, expect, it, test } from 'vitest';
import { nameOwner, type Owner, sameOwner } from '../../src/core/owner.ts';
import { readUnitName } from '../../src/core/unit-name.ts';

const hub: Owner = { kind: 'systemd', scope: 'user', unit: 'hub.service' };

test.each<[Owner, string]>([
  [hub, 'systemd (user unit hub.service)'],
  [{ ...hub, scope: 'system' }, 'systemd (system unit hub.service)'],
  [{ kind: 'pm2', name: 'hub', id: 3, home: '/home/ada/.pm2' }, 'pm2 (hub)'],
  [{ kind: 'launchd', domain: 'gui/501', label: 'ai.example.hub' }, 'launchd (ai.example.hub)'],
  [{ kind: 'container', engine: 'podman', name: 'hub' }, 'podman (hub)'],
])('an owner has a name for people: %j', (owner, name) => {
  expect(nameOwner(owner)).toBe(name);
});

test('two owners of one name in two places are two', () => {
  expect(sameOwner(hub, { ...hub })).toBe(true);
  expect(sameOwner(hub, { ...hub, uid: 1_001 })).toBe(false);
  expect(sameOwner(hub, undefined)).toBe(false);
  expect(sameOwner({ kind: 'pm2', name: 'hub', id: 1 }, { kind: 'pm2', name: 'hub', id: 2 })).toBe(false);
});

describe('what `unit:` of a config names', () => {
  it.each([
    ['hub.service', { kind: 'systemd', unit: 'hub.service' }],
    ['systemd:hub', { kind: 'systemd', unit: 'hub.service' }],
    ['hub@1.service', { kind: 'systemd', unit: 'hub@1.service' }],
    ['app-hub\\x2dapi.service', { kind: 'systemd', unit: 'app-hub\\x2dapi.service' }],
    ['odd:name.service', { kind: 'systemd', unit: 'odd:name.service' }],
    ['ai.example.hub', { kind: 'plain', name: 'ai.example.hub' }],
    ['hub', { kind: 'plain', name: 'hub' }],
    ['launchd:ai.example.hub', { kind: 'launchd', label: 'ai.example.hub' }],
    ['pm2:hub api', { kind: 'pm2', name: 'hub api' }],
    ['docker:hub_1', { kind: 'container', engine: 'docker', name: 'hub_1' }],
    ['podman:hub', { kind: 'container', engine: 'podman', name: 'hub' }],
  ])('is understood: %s', (text, name) => {
    expect(readUnitName(text)).toEqual(name);
  });

  it.each([
    ['hub.timer', 'is no service'],
    ['hub@.service', 'is a template'],
    ['--now.service', 'cannot be the name of a systemd service'],
    ['../hub.service', 'cannot be the name of a systemd service'],
    ['jarvis-health.service', 'this program itself'],
    ['jarvis-health-hub.service', 'made by it'],
    ['pm2:all', 'not the name of one pm2 process'],
    ['pm2:3', 'not the name of one pm2 process'],
    ['pm2:/hub.*/', 'cannot be the name of a pm2 process'],
    ['pm2:', 'is empty after its prefix'],
    ['docker:-f', 'cannot be the name of a container'],
    ['supervisor:hub', 'is no owner this program knows'],
    ['hub; reboot', 'cannot be the name of a unit or job'],
  ])('is refused, and why is said: %s', (text, why) => {
    expect(readUnitName(text)).toContain(why);
  });
});
