/** The system's error name (`ENOENT`), or `undefined` when `error` did not come from a system call. */
export function errnoOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

export function isMissing(error: unknown): boolean {
  return errnoOf(error) === 'ENOENT';
}

/** No block or no quota left: the two errors that freeing space can heal (write(2)). */
export function isNoRoom(error: unknown): boolean {
  const errno = errnoOf(error);
  return errno === 'ENOSPC' || errno === 'EDQUOT';
}

export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
