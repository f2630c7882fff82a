import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** The first health system of this kind, a Python program with a LaunchAgent of its own. */
const OLD_SYSTEM = /com\.jarvis\.health-system|jarvis[._-]?health[._-]?system|\bhealth[_-]system\.py\b/i;
const GATEWAY = /\b(openclaw|clawdbot|moltbot)\b/i;
/** What is done to a gateway by somebody who watches it. */
const RESTARTS =
  /\bgateway\s+(re)?start\b|\bkickstart\b|\bsystemctl\b.*\b(re)?start\b|\blaunchctl\s+(load|bootstrap|start|stop)\b|\bp?kill(all)?\s|\b(pm2|docker|podman)\s+(re)?start\b/i;

const SCRIPT = /\.(sh|bash|zsh|py|js|mjs|cjs|rb|pl)$/;
/** The rest of a script is read as little as the rest of a book with that title. */
const SCRIPT_MAX_BYTES = 64 * 1024;

/** The line that restarts a gateway, or that names the old health system; comments do not count. */
export function signIn(text: string): string | undefined {
  return text
    .split('\n')
    .map((line) => line.trim())
    .find((line) => !/^(#|\/\/|;)/.test(line) && (isOldSystem(line) || restartsGateway(line)));
}

/** It names the old health system, whatever that does. */
export function isOldSystem(text: string): boolean {
  return OLD_SYSTEM.test(text);
}

/** A list of words is a command too: `["openclaw", "gateway", "restart"]`. */
function restartsGateway(line: string): boolean {
  const words = line.replace(/["'`,\s]+/g, ' ');
  return GATEWAY.test(words) && RESTARTS.test(words);
}

/** A sign in a command, or in a script that it names. */
export function signOf(words: readonly string[]): string | undefined {
  const own = signIn(words.join(' '));
  if (own !== undefined) return own;
  for (const word of words) {
    // The gateway's own program speaks of restarting itself.
    if (!word.startsWith('/') || !SCRIPT.test(word) || word.includes('/node_modules/')) continue;
    const inside = signIn(beginningOf(word));
    if (inside !== undefined) return inside;
  }
  return undefined;
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

function beginningOf(file: string): string {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, 'r');
    if (!fstatSync(descriptor).isFile()) return '';
    const bytes = Buffer.alloc(SCRIPT_MAX_BYTES);
    return bytes.toString('utf8', 0, readSync(descriptor, bytes));
  } catch {
    return '';
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
