/** `openclaw gateway --port 18789`, `node …/clawdbot/dist/index.js gateway run`, a container that it is attached to. */
const RUNS = [
  /^(\S*\/)?(openclaw|clawdbot|moltbot)-gateway\b/,
  /^((\S*\/)?(node|bun|npx|npm|pnpm)\s+(-\S+\s+)*(exec\s+)?)?\S*(openclaw|clawdbot|moltbot)\S*\s+(-\S+\s+([^-\s]\S*\s+)?)*gateway(\s+run\b|\s+[-<>\d]|\s*$)/i,
  /^(\S*\/)?(docker|podman)([ -]compose)?\s+([^|]*\s)?(start\s+(-\S+\s+)*(-a|-ai|-ia|--attach)|run|up)(\s|$)/,
];
const BEFORE_A_COMMAND = /^(exec|nohup|env|sudo|setsid|nice|time|then|do|else|if|!|\{|\(|\w+=.*|(.*\/)?(ba|z|da)?sh)$/;

/**
 * Whether a script or command runs a gateway and stays with it, so that its end is the gateway's end. What it starts in
 * the background does not count: healers do that.
 */
export function runsGateway(text: string): boolean {
  return text.split('\n').some((line) =>
    line
      .replace(/["'`]/g, '')
      .split(/;|&&|\|\|?/)
      .filter((command) => !/(^|[^>])&\s*$/.test(command))
      .some((command) => RUNS.some((one) => one.test(commandIn(command)))),
  );
}

/** Without what stands before it: `exec`, `NAME=value`, `/bin/sh -c`. */
function commandIn(text: string): string {
  const words = text.trim().split(/\s+/);
  let at = 0;
  for (let before = false; at < words.length; at += 1) {
    const word = words[at] ?? '';
    before = BEFORE_A_COMMAND.test(word) || (before && word.startsWith('-'));
    if (!before) break;
  }
  return words.slice(at).join(' ');
}
