import type { HistoryView } from '../core/history-view.ts';
import type { Snapshot } from '../core/snapshot.ts';

/** Where the template (dist/page.html, made by scripts/build-page.ts) takes the snapshot. Itself valid JSON, and no snapshot. */
export const SNAPSHOT_PLACE = '"{{snapshot}}"';
/** Where it takes the history; a template may have no such place. */
export const HISTORY_PLACE = '"{{history}}"';

/** health.html: the template with snapshot and history embedded. Throws when the template has no place for the snapshot. */
export function renderPage(template: string, snapshot: Snapshot, history?: HistoryView): string {
  if (!template.includes(SNAPSHOT_PLACE)) throw new Error(`the page template has no ${SNAPSHOT_PLACE}`);
  // The places are looked for in the template alone: what is put in may quote them.
  return template
    .split(SNAPSHOT_PLACE)
    .map((part) => (history === undefined ? part : part.split(HISTORY_PLACE).join(scriptSafeJson(history))))
    .join(scriptSafeJson(snapshot));
}

const BEFORE = 'window.__jarvisHealth?.(';
const BEFORE_HISTORY = 'window.__jarvisHealthHistory?.(';
const AFTER = ')\n';

/** health-data.js: a classic script that hands the snapshot to the page that loaded it, and does nothing elsewhere. */
export function renderDataFile(snapshot: Snapshot): string {
  return BEFORE + scriptSafeJson(snapshot) + AFTER;
}

/** health-history.js: the same for the past. */
export function renderHistoryFile(history: HistoryView): string {
  return BEFORE_HISTORY + scriptSafeJson(history) + AFTER;
}

/** The snapshot's JSON value out of a health-data.js, for readers that are no browser; `undefined` when it is torn or another file. */
export function readDataFile(text: string): unknown {
  if (!text.startsWith(BEFORE) || !text.endsWith(AFTER)) return undefined;
  try {
    return JSON.parse(text.slice(BEFORE.length, -AFTER.length));
  } catch {
    return undefined;
  }
}

/**
 * JSON that is inert inside a script element and inside a script: no `<` can close the element or open a comment
 * (HTML 4.12.1.3), and U+2028/2029, which end lines in older engines, are escaped. So are the controls that
 * `JSON.stringify` leaves as they are and the marks that turn the reading: the files are also read in a terminal.
 */
function scriptSafeJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The page's own content policy, for the header when it is served; a header can say one thing more than a meta tag. */
export function policyOf(template: string): string {
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(template)?.[1];
  if (policy === undefined) throw new Error('the page template has no content policy');
  return `${policy}; frame-ancestors 'none'`;
}
