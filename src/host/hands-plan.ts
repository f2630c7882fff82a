/** A command as a person would type it: words with anything but harmless characters are quoted for a POSIX shell. */
export function typed(argv: readonly string[]): string {
  return argv.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');
}

/** 10000 → `10 s`, 500 → `0.5 s`. */
export function seconds(durationMs: number): string {
  return `${durationMs / 1_000} s`;
}
