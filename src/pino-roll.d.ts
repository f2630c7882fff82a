/** pino-roll 4 ships no types; the options are those of its README. */
declare module 'pino-roll' {
  import type { EventEmitter } from 'node:events';
  import type { DestinationStream } from 'pino';

  type RollOptions = {
    file: string;
    extension?: string;
    size?: string;
    limit?: { count: number; removeOtherLogFiles?: boolean };
    mkdir?: boolean;
    mode?: number;
  };
  export default function roll(options: RollOptions): Promise<DestinationStream & EventEmitter & { end(): void }>;
}
