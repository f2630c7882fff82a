import type { Run } from './options.ts';

/** A command as `--help` and the reader of the command line need it. */
export type CommandSpec = {
  readonly name: string;
  readonly summary: string;
  /** In commander's words: `<needed>`, `[optional]`, `[several...]`. */
  readonly arguments: readonly { readonly name: string; readonly text: string; readonly choices?: readonly string[] }[];
  readonly options: readonly (readonly [flags: string, text: string])[];
  readonly example: string;
  readonly load: () => Promise<{ readonly run: Run }>;
};
