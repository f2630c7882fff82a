import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

type Properties = Readonly<Record<string, string>>;

const LOADED: Properties = {
  LoadState: 'loaded',
  Restart: 'always',
  RestartUSec: '100ms',
  Result: 'success',
  ExecMainCode: '0',
  ExecMainStatus: '0',
  MainPID: '0',
  NRestarts: '0',
  StartLimitBurst: '5',
  StartLimitIntervalUSec: '10s',
  // In the order of a crash: its process ended, and then the unit was not active any more.
  ExecMainStartTimestampMonotonic: '1000000',
  InactiveExitTimestampMonotonic: '1000000',
  ActiveEnterTimestampMonotonic: '1000000',
  ExecMainExitTimestampMonotonic: '2000000',
  ActiveExitTimestampMonotonic: '2000200',
  StateChangeTimestampMonotonic: '1000000',
};

/** What systemd says of a unit: those given, over those of a unit that is loaded and has run. */
function shown(properties: Properties): string {
  const lines = Object.entries({ ...LOADED, ...properties }).map(([name, value]) => `${name}=${value}`);
  return `${lines.join('\n')}\n`;
}

/**
 * Puts a stand-in for systemctl first on PATH until the test ends. It knows one unit of the user, says yes to every
 * order, and shows `afterwards` from the first order on. `kills`: it sends on the signals it is told to send.
 */
export function fakeSystemctl(
  root: string,
  now: Properties,
  { afterwards, kills }: { readonly afterwards?: Properties; readonly kills?: number } = {},
) {
  const bin = join(root, 'bin');
  const at = (file: string) => join(root, `systemctl.${file}`);
  mkdirSync(bin, { recursive: true });
  function say(properties: Properties, next?: Properties): void {
    writeFileSync(at('says'), shown(properties));
    if (next === undefined) rmSync(at('next'), { force: true });
    else writeFileSync(at('next'), shown(next));
  }
  say(now, afterwards);
  const lines = [
    '#!/bin/sh',
    'case " $* " in',
    "*' --version '*) echo 'systemd 252 (252.1)' ;;",
    `*' --user '*' show '*) cat '${at('says')}' ;;`,
    "*' show '*) echo LoadState=not-found; echo ActiveState=inactive ;;",
    `*) echo "systemctl $*" >>'${at('calls')}'`,
    ...(kills === undefined
      ? []
      : [`  case " $* " in *' kill '*) s="\${*#*--signal=SIG}"; kill -"\${s%% *}" ${kills} ;; esac`]),
    `  [ -e '${at('next')}' ] && mv '${at('next')}' '${at('says')}' ; true ;;`,
    'esac',
  ];
  writeFileSync(join(bin, 'systemctl'), `${lines.join('\n')}\n`);
  chmodSync(join(bin, 'systemctl'), 0o755);
  const path = process.env['PATH'];
  process.env['PATH'] = `${bin}:${path}`;
  onTestFinished(() => {
    process.env['PATH'] = path;
  });
  return {
    say,
    /** What it was told to do, one line each; questions are not written down. */
    calls: (): readonly string[] =>
      existsSync(at('calls')) ? readFileSync(at('calls'), 'utf8').trimEnd().split('\n') : [],
  };
}
