import { readdir, readFile } from 'node:fs/promises';
import os from 'node:os';

/** Of all cores together, since boot, in any unit of time. */
export type CpuTimes = { readonly busy: number; readonly total: number; readonly cores: number };

export type CpuUse = {
  /** Mean busy share of all cores since the reading before. */
  readonly busyPercent: number;
  readonly cores: number;
  /** The system's own mean over a minute: programs that run or wait to. */
  readonly load1: number;
  /** Of the hottest sensor; absent where there is none to read. */
  readonly celsius?: number;
};

const THERMAL = '/sys/class/thermal';

/** `undefined` for anything that is not the begin of /proc/stat (proc_stat(5)). */
export function parseCpuTimes(text: string): CpuTimes | undefined {
  const [first = '', ...lines] = text.split('\n');
  const [name, ...fields] = first.trim().split(/\s+/);
  // Guest time is in user time already, so the eight before it are the whole; waiting for a disk is not being busy.
  const [user, nice, system, idle, waiting, irq, softirq, stolen] = fields.map(Number);
  const times = [user, nice, system, idle, waiting, irq, softirq, stolen].map((time) => time ?? Number.NaN);
  const total = times.reduce((sum, time) => sum + time, 0);
  if (name !== 'cpu' || !Number.isFinite(total)) return undefined;
  const cores = lines.filter((line) => /^cpu\d/.test(line)).length;
  return { busy: total - (idle ?? 0) - (waiting ?? 0), total, cores };
}

/** Reads how busy the host was between two calls; the first has nothing to compare with and gives `undefined`. */
export function createCpuMeter(): () => Promise<CpuUse | undefined> {
  let before: CpuTimes | undefined;
  return async () => {
    const now = await readTimes();
    const passed = now === undefined || before === undefined ? 0 : now.total - before.total;
    const busy = now === undefined || before === undefined ? 0 : now.busy - before.busy;
    before = now;
    if (now === undefined || passed <= 0) return undefined;
    const celsius = await readHottest();
    return {
      busyPercent: Math.min(100, Math.max(0, (busy / passed) * 100)),
      cores: now.cores,
      load1: os.loadavg()[0] ?? 0,
      ...(celsius === undefined ? {} : { celsius }),
    };
  };
}

async function readTimes(): Promise<CpuTimes | undefined> {
  // os.cpus() reads the clock speed of each core besides, a file a core.
  if (process.platform === 'linux') return parseCpuTimes(await readFile('/proc/stat', 'utf8').catch(() => ''));
  const cores = os.cpus();
  const sum = (of: (times: os.CpuInfo['times']) => number) => cores.reduce((total, { times }) => total + of(times), 0);
  const idle = sum((times) => times.idle);
  const busy = sum(({ user, nice, sys, irq }) => user + nice + sys + irq);
  return { busy, total: busy + idle, cores: cores.length };
}

/** Whole °C. Linux only: elsewhere it takes a privilege to ask. */
async function readHottest(): Promise<number | undefined> {
  const zones = await readdir(THERMAL).catch(() => []);
  const read = zones
    .filter((name) => name.startsWith('thermal_zone'))
    .map((name) => readFile(`${THERMAL}/${name}/temp`, 'utf8').catch(() => ''));
  const milliCelsius = (await Promise.all(read)).filter((text) => text !== '').map(Number);
  // A sensor that is off says nonsense, such as -274 °C or 0.
  const sane = milliCelsius.filter((value) => value > 0 && value < 150_000);
  return sane.length === 0 ? undefined : Math.round(Math.max(...sane) / 1000);
}
