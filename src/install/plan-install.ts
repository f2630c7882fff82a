import { type Place, systemctl } from './place.ts';
import type { Sight } from './sight.ts';
import { run, type Step } from './steps.ts';

export type InstallPlan = {
  readonly place: Place;
  readonly sight: Sight;
  /** What the file has to say. */
  readonly text: string;
  /** A daemon for the same home folder runs, and not by this unit. */
  readonly daemonBeside: boolean;
  /** The daemon that runs is of another version of this program. */
  readonly otherVersion: boolean;
  /** Folders that launchd writes into and does not make itself; with the user they are to belong to. */
  readonly missing: { readonly folders: readonly string[]; readonly user: string };
};

/** Everything that is still to be done; nothing when all is as it should be. */
export function planInstall(plan: InstallPlan): readonly Step[] {
  const { place, sight, text } = plan;
  const changed = sight.text !== text;
  // Readable for all: systemd and launchd want it so, and there is nothing secret in it.
  const write: readonly Step[] = changed ? [{ do: 'write', file: place.file, text, mode: 0o644 }] : [];
  const takeOver: readonly Step[] = plan.daemonBeside ? [{ do: 'stop-daemon' }] : [];
  return [
    ...folderSteps(plan),
    ...write,
    ...(place.kind === 'systemd' ? unitSteps(plan, changed, takeOver) : jobSteps(plan, changed, takeOver)),
  ];
}

function folderSteps({ place, missing }: InstallPlan): readonly Step[] {
  if (place.kind === 'systemd') return [];
  const owner = place.scope === 'system' ? ['-o', missing.user] : [];
  return missing.folders.map((folder) => run(['install', '-d', '-m', '700', ...owner, folder]));
}

function unitSteps(
  { place, sight, otherVersion }: InstallPlan,
  changed: boolean,
  takeOver: readonly Step[],
): readonly Step[] {
  const begin = startSteps(place, sight, changed || otherVersion || takeOver.length > 0);
  return [
    ...(changed || sight.stale ? [run(systemctl(place, 'daemon-reload'))] : []),
    ...(sight.atBoot ? [] : [run(systemctl(place, 'enable', place.name))]),
    ...takeOver,
    ...begin,
  ];
}

function jobSteps(
  { place, sight, otherVersion }: InstallPlan,
  changed: boolean,
  takeOver: readonly Step[],
): readonly Step[] {
  if (place.kind !== 'launchd') return [];
  const again = changed || otherVersion || takeOver.length > 0;
  if (sight.active && !again) return [];
  return [...(sight.active ? stopSteps(place) : []), ...takeOver, ...loadSteps(place)];
}

/** `anew`: also when it runs already. */
export function startSteps(place: Place, sight: Sight, anew: boolean): readonly Step[] {
  if (place.kind === 'systemd') {
    if (!sight.active) return [run(systemctl(place, 'start', place.name))];
    return anew ? [run(systemctl(place, 'restart', place.name))] : [];
  }
  if (sight.active) return anew ? [...stopSteps(place), ...loadSteps(place)] : [];
  return loadSteps(place);
}

function loadSteps(place: Extract<Place, { kind: 'launchd' }>): readonly Step[] {
  return [
    // A job that was ever disabled cannot be loaded, and says so in no clear words.
    run(['launchctl', 'enable', `${place.domain}/${place.name}`]),
    // 5 (input/output error): the job that was told to go a moment ago is not gone yet.
    run(['launchctl', 'bootstrap', place.domain, place.file], { againWhile: /Bootstrap failed: 5\b/ }),
  ];
}

/** Ends it until somebody starts it or the host boots. In order: its own end is waited for. */
export function stopSteps(place: Place): readonly Step[] {
  if (place.kind === 'systemd') return [run(systemctl(place, 'stop', place.name))];
  const job = `${place.domain}/${place.name}`;
  return [
    // 36: it takes a while; 3 and 113: it was not loaded.
    run(['launchctl', 'bootout', job], {
      fineWhen: /Boot-out failed: (36|3|113)\b/,
      untilFails: ['launchctl', 'print', job],
    }),
  ];
}

/** Takes it off the host; the home folder stays. */
export function planUninstall(place: Place, sight: Sight): readonly Step[] {
  if (sight.text === undefined && !sight.active) return [];
  const remove: readonly Step[] = sight.text === undefined ? [] : [{ do: 'remove', file: place.file }];
  if (place.kind === 'launchd') return [...(sight.active ? stopSteps(place) : []), ...remove];
  return [
    ...(sight.active ? stopSteps(place) : []),
    ...(sight.atBoot ? [run(systemctl(place, 'disable', place.name))] : []),
    ...remove,
    run(systemctl(place, 'daemon-reload')),
    // What it left in the memory of systemd when it failed last.
    ...(sight.failed ? [run(systemctl(place, 'reset-failed', place.name), { fineWhen: /not loaded/ })] : []),
  ];
}
