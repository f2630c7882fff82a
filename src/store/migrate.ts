export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

/** `steps[n]` turns a document of version n into one of version n + 1. A step may throw: the document is then bad. */
export type Migrations = Readonly<Record<number, (old: Readonly<Record<string, unknown>>) => unknown>>;

/** Brings a document of an older version up to `version`; one of a newer version is refused, not guessed at. */
export function migrate(document: unknown, version: number, steps: Migrations): Parsed<unknown> {
  let value = document;
  for (;;) {
    if (!isRecord(value)) return { ok: false, problem: 'it is not a JSON object' };
    const found = value['version'];
    if (typeof found !== 'number' || !Number.isInteger(found)) return { ok: false, problem: 'it has no version' };
    if (found === version) return { ok: true, value };
    if (found > version) return { ok: false, problem: `its version is ${found}, this program knows up to ${version}` };
    const step = steps[found];
    if (step === undefined) return { ok: false, problem: `nothing is known of its version ${found}` };
    const next = step(value);
    if (!isRecord(next) || next['version'] !== found + 1) {
      return { ok: false, problem: `the step from version ${found} did not lead to version ${found + 1}` };
    }
    value = next;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
