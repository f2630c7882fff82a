import { join } from 'node:path';
import { OWN_FOLDER } from '../config/playbook-names.ts';
import { type WatchOptions, watchStamp } from '../config/watch-stamp.ts';
import { stampOfOwn } from './own.ts';

/** Calls `onChange` after a playbook in the home folder was written, added or taken away. */
export function watchOwn(home: string, onChange: () => void, options: WatchOptions): void {
  watchStamp({ folder: join(home, OWN_FOLDER), stamp: () => stampOfOwn(home) }, onChange, options);
}
