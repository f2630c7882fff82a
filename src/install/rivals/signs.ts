import { runsGateway } from './runs-gateway.ts';
import { textsOf } from './texts.ts';

/** The first health system of this kind, a Python program with a LaunchAgent of its own. */
const OLD_SYSTEM = /com\.jarvis\.health-system|jarvis[._-]?health[._-]?system|\bhealth[_-]system\.py\b/i;
const GATEWAY = /\b(openclaw|clawdbot|moltbot)\b/i;
/** What is done to a gateway by somebody who watches it. */
const RESTARTS =
  /\bgateway\s+(re)?start\b|\bkickstart\b|\bsystemctl\b.*\b(re)?start\b|\blaunchctl\s+(load|bootstrap|start|stop)\b|\bp?kill(all)?\s|\b(pm2|docker|podman)\s+(re)?start\b/i;
const STOPS =
  /\bgateway\s+stop\b|\bsystemctl\b.*\bstop\b|\blaunchctl\s+(stop|bootout|unload)\b|\b(pm2|docker|podman)\s+stop\b/i;
/** Installs, fetches or saves something: then the restart belongs to that. */
const WORKS =
  /\b(npm|pnpm|yarn|bun|brew|git|apt|apt-get)\s.*\b(i|install|add|up|update|upgrade|pull)\b|\b(openclaw|clawdbot|moltbot)\s+update\b|\b(restic|borg|rsync|rclone|tar|duplicity|certbot)\s/i;
const LOOKS = /\b(curl|wget|nc|healthz?|healthy|is-active|pgrep|pidof|lsof|urlopen|requests|fetch|status|connect)\b/i;
const LOOPS = /\bwhile\b|\buntil\b|\bfor\s*\(\(\s*;|\bsetInterval\b|\bschedule\b/i;

/** What gives somebody away. */
export type Sign = {
  /** As it stands there. */
  readonly line: string;
  /** Its own command names the old health system. */
  readonly isOld: boolean;
  /** It does it again and again by itself. */
  readonly loops: boolean;
  /** It also installs, saves, or stops the gateway for something: to take it away may break that. */
  readonly alsoWorks: boolean;
};

/**
 * A sign in a command, or in a script that it names. None in what runs the gateway itself and stays with it, nor in what
 * stops it for a backup or an update and starts it again: nobody who looks whether it is well.
 */
export function signOf(words: readonly string[]): Sign | undefined {
  const texts = textsOf(words).map(withoutComments);
  const whole = texts.join('\n');
  const line = texts.map(signIn).find((one) => one !== undefined);
  if (line === undefined) return undefined;
  const isOld = isOldSystem(words.join(' '));
  const alsoWorks = WORKS.test(whole) || STOPS.test(whole);
  if (!isOld && (runsGateway(whole) || (alsoWorks && !LOOKS.test(whole)))) return undefined;
  return { line, isOld, loops: LOOPS.test(whole), alsoWorks };
}

/** The line that restarts a gateway, or that names the old health system; comments do not count. */
export function signIn(text: string): string | undefined {
  return withoutComments(text)
    .split('\n')
    .map((line) => line.trim())
    .find((line) => isOldSystem(line) || restartsGateway(line));
}

/** It names the old health system, whatever that does. */
export function isOldSystem(text: string): boolean {
  return OLD_SYSTEM.test(text);
}

/** Nothing but a healer: whoever consents to retiring healers means this one, without having seen it. */
export function isSure({ isOld, loops, alsoWorks }: Sign, isOften: boolean): boolean {
  return isOld || ((isOften || loops) && !alsoWorks);
}

/** A list of words is a command too: `["openclaw", "gateway", "restart"]`. */
function restartsGateway(line: string): boolean {
  const words = line.replace(/["'`,\s]+/g, ' ');
  return GATEWAY.test(words) && RESTARTS.test(words);
}

/** Ours, or the gateway itself: no rivals, whatever they say. */
export function isNoRival(name: string): boolean {
  return (
    name.startsWith('jarvis-health.') ||
    name.startsWith('local.jarvis-health.') ||
    /^(openclaw|clawdbot|moltbot)-gateway[\w-]*\.service$/.test(name) ||
    /^(ai|com|com\.steipete)\.(openclaw|clawdbot|moltbot)\.gateway\.plist$/.test(name)
  );
}

const LONGEST_LINE = 2_000;

function withoutComments(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/^\s*(#|\/\/|;)/.test(line))
    .map((line) => line.slice(0, LONGEST_LINE))
    .join('\n');
}
