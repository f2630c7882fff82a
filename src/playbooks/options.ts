import * as v from 'valibot';
import { nearest } from '../config/nearest.ts';
import type { Finding } from '../config/problems.ts';
import { type Kind, quote, type Read } from '../config/schema/option.ts';
import { duration, percent, size } from '../config/schema/quantities.ts';
import type { TargetKind } from '../core/plan.ts';
import { entriesOf, givenTo, isOptional, type KnownAction } from './catalog.ts';
import { sayExpected } from './expected.ts';
import { type Sealing, sealOption } from './seal-option.ts';

/** An option of an action that a playbook may set: `hungStopGrace: 3s` is the action's `hungStopGraceMs`. */
export type OpenOption = {
  /** As a playbook writes it. */
  readonly key: string;
  /** As the action calls it. */
  readonly name: string;
  readonly unit: Kind<number> | undefined;
  readonly schema: v.GenericSchema;
};

const HOUR_MS = 3_600_000;
/** The house writes units into names, and people write them behind numbers. */
const UNITS: readonly (readonly [ending: RegExp, written: string, unit: Kind<number>])[] = [
  [/Ms$/, '', duration(0, HOUR_MS)],
  // As `maxSize` of a log in the config.
  [/Bytes$/, 'Size', size()],
  [/Percent$/, '', percent()],
];

export function openOptions(action: KnownAction, kind: TargetKind): readonly OpenOption[] {
  const given = givenTo(action, kind);
  return Object.entries(entriesOf(action.options))
    .filter(([name]) => !given.includes(name) || name.endsWith('Ms'))
    .map(([name, schema]) => {
      const [ending, written = '', unit] = UNITS.find(([each]) => each.test(name)) ?? [];
      return { key: ending === undefined ? name : name.replace(ending, written), name, unit, schema };
    });
}

/** `with:` in the action's own words and units, and everything that is wrong with it. `path` is that of the step. */
export function readOptions(
  written: Readonly<Record<string, unknown>>,
  action: KnownAction,
  kind: TargetKind,
  sealing: Sealing,
  path: readonly (string | number)[],
): { readonly options: Readonly<Record<string, unknown>>; readonly findings: readonly Finding[] } {
  const open = openOptions(action, kind);
  const options: Record<string, unknown> = {};
  const findings: Finding[] = [];
  for (const [key, raw] of Object.entries(written)) {
    const here = [...path, 'with', key];
    const option = open.find((each) => each.key === key);
    if (option === undefined) {
      findings.push({ path: here, ...unknown(key, action, kind, open) });
      continue;
    }
    const read = readOne(option, sealOption(option.name, raw, sealing));
    if (read.ok) options[option.name] = read.value;
    else findings.push({ path: here, message: read.because, ...(read.allowed && { allowed: read.allowed }) });
  }
  const given = givenTo(action, kind);
  for (const { key, name, schema } of open) {
    if (isOptional(schema) || given.includes(name) || Object.hasOwn(written, key)) continue;
    findings.push({ path: [...path, 'with', key], message: `is missing, ${action.name} cannot do without it` });
  }
  return { options, findings };
}

function unknown(
  key: string,
  action: KnownAction,
  kind: TargetKind,
  open: readonly OpenOption[],
): Omit<Finding, 'path'> {
  const fixed = givenTo(action, kind).some((name) => name === key || name.replace(/(Ms|Bytes)$/, '') === key);
  if (fixed) return { message: 'is what the config of the target says, and cannot be set here' };
  const keys = open.map((each) => each.key);
  const meant = nearest(key, keys);
  return {
    message:
      keys.length === 0
        ? `is no option of ${action.name}, which has none`
        : `is no option of ${action.name}, which has ${keys.join(', ')}`,
    allowed: keys.join(', '),
    ...(meant === undefined ? {} : { didYouMean: meant }),
  };
}

function readOne({ unit, schema }: OpenOption, raw: unknown): Read<unknown> {
  if (raw === null) return { ok: false, because: 'has no value' };
  const inUnit: Read<unknown> = unit === undefined ? { ok: true, value: raw } : unit.read(raw);
  if (!inUnit.ok) return inUnit;
  const first = v.safeParse(schema, inUnit.value);
  if (first.success) return { ok: true, value: inUnit.value };
  // `8080` in a command is a word too.
  const words = asWords(inUnit.value);
  if (v.is(schema, words)) return { ok: true, value: words };
  const [issue] = first.issues;
  const within = (issue.path ?? []).map(({ key }) => `[${String(key)}]`).join('');
  const about = unit === undefined ? quote(issue.input) : String(raw);
  return { ok: false, because: `${within === '' ? '' : `${within} `}is ${about}, ${sayExpected(issue)}` };
}

function asWords(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asWords);
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
}
