/**
 * Every string of a snapshot may quote a log line, a process name or an agent's own words. Text nodes make markup inert;
 * this takes away what still acts as text: terminal escapes, control characters, and marks that turn or hide the reading.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const ESCAPES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g;
// Breaks become a space, so that words do not run together.
const BREAKS = /[\t\n\v\f\r\u0085\u2028\u2029]+/g;
// Cc, Cf, Cs: controls, the invisible ones that turn direction or tag (Unicode TR #36, #9), half pairs. Kept: ZWJ, ZWNJ.
const HIDDEN = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}]/gu;

const LONGEST = 300;
/** A command is copied whole or it is a different command. */
const LONGEST_COMMAND = 4000;

/** Nearly all there is: it needs no second look, and a host with a thousand services has thirty thousand texts. */
const PLAIN = /^[ -~]*$/;

export function clean(text: string, longest = LONGEST): string {
  if (text.length <= longest && PLAIN.test(text)) return text;
  const plain = text.replace(ESCAPES, '').replace(BREAKS, ' ').replace(HIDDEN, '');
  if (plain.length <= longest) return plain;
  // A pair cut in half is not a character.
  return `${plain.slice(0, longest - 1).replace(/\p{Cs}$/u, '')}…`;
}

/** A copy of any JSON value with every string cleaned; lists end at 5000 entries and depth at 12, as nothing real goes there. */
export function cleanAll(value: unknown, key = '', depth = 0): unknown {
  if (typeof value === 'string') return clean(value, key === 'startHint' ? LONGEST_COMMAND : LONGEST);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > 12) return undefined;
  if (Array.isArray(value)) return value.slice(0, 5000).map((entry) => cleanAll(entry, key, depth + 1));
  const copy: Record<string, unknown> = {};
  for (const [name, entry] of Object.entries(value)) {
    const own = clean(name);
    // Set like this it would be no entry but what the copy is made of; nothing of ours is called so.
    if (own !== '__proto__') copy[own] = cleanAll(entry, name, depth + 1);
  }
  return copy;
}
