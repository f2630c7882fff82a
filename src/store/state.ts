import type { State } from '../core/state.ts';
import type { Paths } from './home.ts';
import { type Document, type DocumentOptions, openDocument } from './json-document.ts';
import type { Migrations } from './migrate.ts';
import { parseWith } from './parse-with.ts';
import { StateSchema } from './state-schema.ts';

/** A change that old files cannot be read with needs version + 1 in src/core/state.ts and its step here. */
const MIGRATIONS: Migrations = {};

/** The memory of a daemon that has seen nothing yet. */
export function initialState(clock: State['clock'] = { at: 0, steady: 0, bootId: '', uptimeMs: 0 }): State {
  return {
    version: 1,
    clock,
    lastIncident: 0,
    lastAttempt: 0,
    lastAlert: 0,
    host: {
      attempts: [],
      breakerUntil: undefined,
      breakerAt: undefined,
      breakerTold: false,
      quietUntil: undefined,
      quietBecause: undefined,
    },
    targets: {},
    checks: {},
    incidents: {},
    maintenance: [],
    silences: [],
    outbox: [],
    owed: [],
  };
}

/** Opens state.json. `save` resolves when the value given, or a newer one, survives a power cut. */
export function openState(
  paths: Pick<Paths, 'state'>,
  options: Pick<DocumentOptions<State>, 'nowMs' | 'room'>,
): Promise<Document<State>> {
  return openDocument<State>({
    ...options,
    path: paths.state,
    initial: initialState(),
    version: 1,
    migrations: MIGRATIONS,
    parse: parseWith<State>(StateSchema),
  });
}
