import * as v from 'valibot';
import type { Parsed } from './migrate.ts';

/** A `parse` for a document out of a schema; the problem names the first place that is wrong. */
export function parseWith<T>(schema: v.GenericSchema<unknown, T>): (value: unknown) => Parsed<T> {
  return (value) => {
    const result = v.safeParse(schema, value, { abortEarly: true });
    if (result.success) return { ok: true, value: result.output };
    const [issue] = result.issues;
    const place = v.getDotPath(issue);
    return { ok: false, problem: place === null ? issue.message : `${place}: ${issue.message}` };
  };
}
