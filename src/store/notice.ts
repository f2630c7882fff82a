import type { ErrorCode } from '../errors.ts';

/** Something the store has to say about itself; goes into the snapshot as it is. `at`: ms since 1970. */
export type Notice = { readonly at: number; readonly code: ErrorCode; readonly text: string };
