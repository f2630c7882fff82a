import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { type Box, bootBox, whyNoBox } from '../box/boot-box.ts';
import { eventually } from '../helpers/daemon.ts';

const why = whyNoBox();

/**
 * Podman without root, as far as a sandbox matters to it: it needs programs that may change their user and a namespace of
 * its own, says so where it gets neither, and writes down how it was called and whether it got them.
 */
const podman = `#!/bin/sh
flag=$(sed -n 's/^NoNewPrivs:[^0-9]*//p' /proc/self/status)
space=$(unshare --user true 2>/dev/null && echo yes || echo no)
echo "$1 NoNewPrivs=$flag namespace=$space" >>/out/podman.calls
if [ "$flag" = 1 ]; then echo 'cannot set up namespace using newuidmap: operation not permitted' >&2; exit 125; fi
case $1 in
start) echo up >/out/podman.state; echo "$2" ;;
inspect)
  [ "$(cat /out/podman.state)" = up ] && state='"Status":"running","Pid":0,"ExitCode":0' ||
    state='"Status":"exited","Pid":0,"ExitCode":1'
  echo '[{"Id":"0a1b","Name":"hub","State":{'"$state"'},"HostConfig":{"RestartPolicy":{"Name":"no"}}}]' ;;
esac
`;

describe.skipIf(why !== undefined)(
  `a container whose engine a sandboxed daemon asks${why === undefined ? '' : ` (SKIPPED: ${why})`}`,
  () => {
    let box: Box;
    const HOME = '/home/ada/jh';
    const ada = (...argv: string[]) => box.exec(argv, { user: 'ada' });

    beforeAll(async () => {
      box = await bootBox();
      await box.addUser('ada');
      writeFileSync(join(box.out, 'podman'), podman);
      chmodSync(join(box.out, 'podman'), 0o755);
      writeFileSync(join(box.out, 'podman.state'), 'down\n');
      writeFileSync(join(box.out, 'podman.calls'), '');
      const config = { services: { hub: { unit: 'podman:hub', every: '1s' } }, disk: [], memory: 'off' };
      writeFileSync(join(box.out, 'config.yaml'), JSON.stringify(config));
      await box.exec(['chmod', '-R', '777', '/out']);
      await ada('sh', '-c', `mkdir -p -m 700 ${HOME} && cp /out/config.yaml ${HOME}/`);
      const sandbox = ['NoNewPrivileges=yes', 'RestrictNamespaces=yes'].flatMap((one) => ['-p', one]);
      const path = '--setenv=PATH=/out:/usr/local/bin:/usr/bin:/bin';
      const program = ['node', '/jarvis-health/bin/jarvis-health.js', 'start', '--foreground', '--home', HOME];
      const started = await ada('systemd-run', '--user', '--unit=jh', '--collect', ...sandbox, path, ...program);
      expect(started.exitCode, started.stderr).toBe(0);
    });
    afterAll(() => box?.down());

    it('is seen and started outside of that sandbox, which Podman could not work in', async () => {
      const hub = await eventually('it works', async () => {
        const url = ['--unix-socket', `${HOME}/run/daemon.sock`, 'http://localhost/api/v1/state'];
        const { stdout, exitCode } = await ada('curl', '-sfm20', ...url);
        if (exitCode !== 0) return undefined;
        const snapshot: Snapshot = JSON.parse(stdout);
        return snapshot.targets.find(({ id, state }) => id === 'hub' && state === 'working');
      });
      expect(hub.checks.map(({ message }) => message)).toEqual(['container hub is running']);
      const calls = readFileSync(join(box.out, 'podman.calls'), 'utf8').trimEnd().split('\n');
      const all = ['inspect', 'logs', 'start'].map((word) => `${word} NoNewPrivs=0 namespace=yes`);
      expect([...new Set(calls)].sort()).toEqual(all);
    });
  },
);
