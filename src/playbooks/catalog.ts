import type * as v from 'valibot';
import type { TargetKind } from '../core/plan.ts';

/** What a playbook must know of an action; the list itself is in actions/index.ts. */
export type KnownAction = {
  readonly name: string;
  readonly summary: string;
  readonly options: v.GenericSchema;
  /** Of what the config of a target gives, these alone; all that it knows when absent. */
  readonly takes?: readonly string[];
};

export type Actions = readonly KnownAction[];

/** What the config of a target of this kind says of it. A playbook may change the times among them, and nothing else. */
const GIVEN: Readonly<Record<TargetKind, readonly string[]>> = {
  service: [
    ...['service', 'argv', 'cwd', 'env', 'logFile', 'port', 'match', 'unit', 'gateway', 'homeFolder', 'start'],
    ...['stopGraceMs', 'hungStopGraceMs', 'settleMs'],
  ],
  disk: ['path', 'rules'],
  memory: [],
  logs: ['match', 'maxBytes', 'keep', 'compress', 'archiveFolder'],
};

/** Names of its options that the config of a target gives. */
export function givenTo({ options, takes }: KnownAction, kind: TargetKind): readonly string[] {
  return Object.keys(entriesOf(options)).filter(
    (name) => GIVEN[kind].includes(name) && (takes?.includes(name) ?? true),
  );
}

/** The options of a map, by name; a pipe over a map is one too. */
export function entriesOf(schema: v.GenericSchema): Readonly<Record<string, v.GenericSchema>> {
  return 'entries' in schema ? (schema.entries as Record<string, v.GenericSchema>) : {};
}

export function isOptional(schema: v.GenericSchema): boolean {
  return schema.type === 'optional' || schema.type === 'exact_optional' || schema.type === 'nullish';
}

/** It only tells; it is run once for an incident and is no attempt. */
export function informs({ name }: Pick<KnownAction, 'name'>): boolean {
  return name === 'report-top-processes';
}
