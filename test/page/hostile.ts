import type { Snapshot } from '../../src/core/snapshot.ts';

export const HOSTILE =
  '<img src=x onerror="document.title=`owned`"></script><script>document.title="owned"</script>\u001b[31mred\u001b[0m\nline two \u202egnp.exe\u202c\u0000$&\u2028end';

const WORDS_OF_FORM = new Set(['state', 'status', 'kind', 'phase', 'severity', 'outcome', 'mode', 'tz']);

/** Every free text of `whole` begins with `text`; the ids still agree with each other. */
export function spoiled(whole: Snapshot, text = HOSTILE): Snapshot {
  const spoil = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') return WORDS_OF_FORM.has(key) ? value : `${text}${value}`;
    if (Array.isArray(value)) return value.map((entry) => spoil(entry, key));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, spoil(entry, name)]));
  };
  return spoil(whole, '') as Snapshot;
}
