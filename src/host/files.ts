/** What is asked about files and disks, in one place for checks and actions. */
export type { FoundFile } from './found-file.ts';
export { expandGlob, expandIn } from './glob.ts';
export { type FileHolder, findHolders } from './holders.ts';
export { listMounts, spaceOf } from './space.ts';
