import { expect, it, test } from 'vitest';
import { type CgroupPlace, placeIn } from '../../../src/host/owners/cgroup.ts';
import { isFrontOf } from '../../../src/host/owners/front.ts';
import { isPlaceOf } from '../../../src/host/owners/owned.ts';
import { readTimespan } from '../../../src/host/owners/timespan.ts';

const id = 'c0ffee'.padEnd(64, '0');
const unit = (scope: 'user' | 'system', name: string, uid?: number) => ({ kind: 'unit', scope, unit: name, uid });

test.each([
  ['0::/system.slice/hub.service', unit('system', 'hub.service')],
  ['0::/system.slice/system-hub.slice/hub@1.service', unit('system', 'hub@1.service')],
  ['0::/user.slice/user-1000.slice/user@1000.service/app.slice/hub.service', unit('user', 'hub.service', 1_000)],
  ['0::/user.slice/user-1000.slice/user@1000.service/hub.service/workers', unit('user', 'hub.service', 1_000)],
  ['12:cpu:/\n1:name=systemd:/system.slice/hub.service\n', unit('system', 'hub.service')],
  ['1:name=systemd:/\n0::/system.slice/hub.service', unit('system', 'hub.service')],
  ['0::/user.slice/user-1000.slice/session-3.scope', undefined],
  ['0::/user.slice/user-1000.slice/user@1000.service/app.slice/vte-spawn-1.scope', undefined],
  ['0::/user.slice/user-1000.slice/user@1000.service/app.slice/tmux-spawn-1.scope/x.service', undefined],
  ['0::/user.slice/user-1000.slice/user@1000.service/init.scope', undefined],
  ['0::/init.scope', undefined],
  ['0::/', undefined],
  ['', undefined],
  [`0::/system.slice/docker-${id}.scope`, { kind: 'container', engine: 'docker', id }],
  [`5:pids:/docker/${id}\n0::/`, { kind: 'container', engine: 'docker', id }],
  [
    `0::/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-${id}.scope/container`,
    { kind: 'container', engine: 'podman', id },
  ],
  [`0::/machine.slice/libpod-conmon-${id}.scope`, undefined],
])('where a process stands in its control groups: %s', (text, place) => {
  expect(placeIn(text)).toEqual(place);
});

test.each([
  ['npm start', 'node server.js', true],
  ['/usr/bin/node /usr/lib/node_modules/npm/bin/npm-cli.js start', 'node server.js', true],
  ['/bin/sh -c python3 hub.py', 'python3 hub.py', true],
  ['nginx: master process nginx', 'nginx: worker process', true],
  ['clawdbot', 'clawdbot-gateway', true],
  ['python3 -m gunicorn app', 'python3 -m gunicorn app', true],
  ['/usr/sbin/cron -f', '/bin/sh -c python3 hub.py', false],
  ['node /opt/openclaw/dist/index.js gateway', 'node hub.js', false],
  ['clawdbot-gateway', 'bash -c node hub.js', false],
  ['PM2 v6: God Daemon (/home/ada/.pm2)', 'node hub.js', false],
  ['node supervisor.js', 'node hub.js', false],
  ['node a.js', 'node-worker', false],
  ['agent', 'agent', true],
  ['agent', 'agent run', false],
  ['agent', 'agent-browser', false],
  ['agent', 'agent-worker', true],
])('a program that only stands before another is told from one that has others: %s → %s', (parent, child, is) => {
  const seen = (line: string) => ({
    argv: line.startsWith('nginx:') || line.startsWith('npm') ? [line] : line.split(' '),
  });
  expect(isFrontOf(seen(parent), seen(child))).toBe(is);
});

it('reads the time spans that systemd prints', () => {
  expect(['100ms', '5s', '1min 30s', '0', 'infinity', '', '2h 5min'].map(readTimespan)).toEqual([
    ...[100, 5_000, 90_000, 0, undefined, undefined, 7_500_000],
  ]);
});

it('tells units of one name apart by whose they are', () => {
  const uid = process.getuid?.() ?? 0;
  const place = (scope: 'user' | 'system', of?: number): CgroupPlace => ({
    kind: 'unit',
    scope,
    unit: 'hub.service',
    uid: of,
  });
  const system = { kind: 'systemd', scope: 'system', unit: 'hub.service' } as const;
  const own = { kind: 'systemd', scope: 'user', unit: 'hub.service' } as const;
  const theirs = { ...own, uid: uid + 1 };
  const places = [place('system'), place('user', uid), place('user', uid + 1), undefined];
  expect(places.map((at) => isPlaceOf(system, at))).toEqual([true, false, false, false]);
  expect(places.map((at) => isPlaceOf(own, at))).toEqual([false, true, false, false]);
  expect(places.map((at) => isPlaceOf(theirs, at))).toEqual([false, false, true, false]);
  expect(isPlaceOf({ ...own, unit: 'web.service' }, place('user', uid))).toBe(false);
});
