import { type Problem, writeProblem } from '../config/problems.ts';
import type { Definition, PlaybookReading } from './definition.ts';
import type { OwnReading } from './own.ts';

/** All playbooks there are, by name; an own one takes the place of a shipped one of its name. */
export type Library = {
  readonly named: (name: string) => Definition | undefined;
  /** In the order of their names: shipped, own, and at the end shipped ones whose place an own one takes. */
  readonly all: readonly Listed[];
  readonly refused: readonly Refused[];
  readonly warnings: readonly Problem[];
};

export type Listed = { readonly definition: Definition; readonly shadowed: boolean };

/** A file that is not used as it is; `keeps`: its last good version still is. */
export type Refused = Extract<PlaybookReading, { ok: false }> & { readonly keeps: boolean };

/** `before`: the library so far. What was good there and is wrong now stays as it was; what is gone is gone. */
export function stockLibrary(shipped: readonly Definition[], own: OwnReading, before?: Library): Library {
  const good = new Map<string, Definition>();
  const refused: Refused[] = [];
  for (const reading of own.readings) {
    if (reading.ok) {
      good.set(reading.definition.name, reading.definition);
      continue;
    }
    const last = before?.named(reading.name);
    const keeps = last?.origin === 'own';
    if (keeps) good.set(reading.name, last);
    refused.push({ ...reading, keeps });
  }
  const byName = new Map([...shipped.map((one) => [one.name, one] as const), ...good]);
  const all = [
    ...[...byName.values()].toSorted(byNames).map((definition) => ({ definition, shadowed: false })),
    ...shipped.filter(({ name }) => good.has(name)).map((definition) => ({ definition, shadowed: true })),
  ];
  const warnings = own.readings.flatMap((reading) => (reading.ok ? reading.warnings : []));
  const shadows = [...good.values()].filter(({ name }) => shipped.some((one) => one.name === name)).map(shadowing);
  return { named: (name) => byName.get(name), all, refused, warnings: [...own.problems, ...warnings, ...shadows] };
}

function byNames(a: Definition, b: Definition): number {
  return a.name < b.name ? -1 : 1;
}

function shadowing({ name, file }: Definition): Problem {
  const message = `takes the place of the shipped playbook ${name}`;
  return { severity: 'warning', file, line: undefined, column: undefined, path: '', message };
}

/** `playbooks/mine.yaml is refused (line 3); the last good one is in force`. */
export function sayRefusal({ file, problems, keeps }: Refused): string {
  const line = problems[0]?.line;
  const where = line === undefined ? '' : ` (line ${line})`;
  return `${file} is refused${where}; ${keeps ? 'the last good one is in force' : 'it is not used'}`;
}

/** With everything that is wrong with it. */
export function tellRefusal(refused: Refused): string {
  const problems = refused.problems.map(writeProblem);
  const more = problems.length > 2 ? `; and ${problems.length - 2} more` : '';
  const kept = refused.keeps ? 'the last good one stays in force' : 'it is not used';
  return `${problems.slice(0, 2).join('; ')}${more}; ${kept}`;
}
