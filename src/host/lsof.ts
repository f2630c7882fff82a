/** One open file as `lsof -F` tells it: one field a line, named by its first letter; `p` begins a process, `f` a file. */
export type OpenFile = {
  readonly pid: number;
  readonly command: string;
  readonly descriptor: string;
  /** `r`, `w` or `u` (both). */
  readonly access: string;
  /** Flags as `+fg` writes them, for example `W,AP`. */
  readonly flags: string;
  /** A path, or an address like `127.0.0.1:8080`. */
  readonly name: string;
};

export function parseLsof(output: string): readonly OpenFile[] {
  const files: OpenFile[] = [];
  let pid = 0;
  let command = '';
  let file: { descriptor: string; access: string; flags: string } | undefined;
  for (const line of output.split('\n')) {
    const value = line.slice(1);
    switch (line.charAt(0)) {
      case 'p':
        pid = Number(value);
        command = '';
        file = undefined;
        break;
      case 'c':
        command = value;
        break;
      case 'f':
        file = { descriptor: value, access: '', flags: '' };
        break;
      case 'a':
        if (file !== undefined) file.access = value.trim();
        break;
      case 'G':
        if (file !== undefined) file.flags = value;
        break;
      case 'n':
        if (file !== undefined) files.push({ pid, command, ...file, name: value });
        break;
    }
  }
  return files;
}
