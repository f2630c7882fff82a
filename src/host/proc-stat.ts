/** What /proc/PID/stat says, by the field numbers of proc_pid_stat(5). Times in clock ticks, memory in pages. */
export type ProcStat = {
  readonly pid: number;
  readonly name: string;
  readonly state: string;
  readonly ppid: number;
  readonly pgid: number;
  readonly sid: number;
  readonly tty: number;
  readonly cpuTicks: number;
  readonly threads: number;
  readonly startTicks: string;
  readonly rssPages: number;
};

/** `undefined` for anything that is not a whole line. The name may hold spaces and parentheses, so the last `)` ends it. */
export function parseStat(line: string): ProcStat | undefined {
  const open = line.indexOf('(');
  const close = line.lastIndexOf(')');
  if (open < 1 || close < open) return undefined;
  const fields = line.slice(close + 2).split(' '); // fields[0] is field 3
  const number = (field: number) => Number(fields[field - 3]);
  const startTicks = fields[22 - 3];
  const state = fields[0];
  if (state === undefined || startTicks === undefined || fields[24 - 3] === undefined) return undefined;
  return {
    pid: Number(line.slice(0, open - 1)),
    name: line.slice(open + 1, close),
    state,
    ppid: number(4),
    pgid: number(5),
    sid: number(6),
    tty: number(7),
    cpuTicks: number(14) + number(15),
    threads: number(20),
    startTicks,
    rssPages: number(24),
  };
}

/**
 * Zombies are dead: nobody runs, only the exit status waits to be fetched. But a first thread that ended by itself is
 * shown as a zombie too while its other threads go on (pthread_exit(3)); that process lives.
 */
export function isDead(stat: Pick<ProcStat, 'state' | 'threads'>): boolean {
  return stat.state === 'X' || stat.state === 'x' || (stat.state === 'Z' && stat.threads <= 1);
}
