import type { CheckView, Snapshot, TargetView } from '../src/core/snapshot.ts';
import { bytes, bytesOf, wholePercent } from './measure.ts';
import { type Look, lookOf, NO_DATA } from './state-look.ts';
import type { VitalLine } from './vital-plot.ts';
import * as WORDS from './words.ts';
import { inThePast } from './words.ts';

/** One host figure, in words; `line` when its past can be drawn. */
export type Vital = {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly of: string;
  readonly note: string;
  readonly line: VitalLine | undefined;
  /** Set when the figure needs attention: then the note carries its glyph and colour. */
  readonly look: Look | undefined;
};

export function vitalOf(target: TargetView, grey: boolean, peakTodayBytes?: number): Vital {
  const look = target.state === 'working' || target.state === 'first-run' ? undefined : lookOf(target.state);
  const shown = fullest(target.checks);
  const label = labelOf(target, shown);
  const base = { id: target.id, label, look: grey && look !== undefined ? NO_DATA : look };
  const detail = grey ? inThePast(target.detail) : target.detail;
  if (target.kind === 'logs' && target.checks.some(({ metrics }) => metrics['totalBytes'] !== undefined)) {
    const [total, files, largest] = allLogs(target.checks);
    const calm = largest === 0 ? '' : WORDS.largestLog(bytes(largest));
    const note = look === undefined ? calm : detail;
    return { ...base, value: bytes(total), of: WORDS.inFiles(files), note, line: undefined };
  }
  const metrics = shown?.metrics ?? {};
  const used = metrics['usedBytes'];
  const total = metrics['totalBytes'];
  const percent = shareOf(metrics);
  if (percent === undefined && used === undefined) {
    const looked = target.checks.some((check) => check.at !== undefined);
    const note = looked ? detail : WORDS.noDataYet;
    return { ...base, value: '–', of: '', note, line: lineOf(target, label, shown, undefined) };
  }
  const whole = percent === undefined ? '' : wholePercent(percent);
  const line = lineOf(target, label, shown, percent, total);
  if (used === undefined || total === undefined) return { ...base, value: whole, of: '', note: detail, line };
  const left = `${bytes(Math.max(0, total - used))} ${grey ? 'was free' : 'free'}${reservedText(metrics['reservedBytes'], total)}`;
  // Memory is thought of in gigabytes, a disk in how full it is; both sizes stand beside either.
  // A value that must be over its limit for a while is told before it is believed.
  const calm = look === undefined && !target.soft;
  if (target.kind !== 'memory')
    return { ...base, value: whole, of: bytesOf(used, total), note: calm ? left : detail, line };
  const peak = peakTodayBytes === undefined ? `${whole} used, ${left}` : WORDS.peakToday(bytes(peakTodayBytes));
  return { ...base, value: bytes(used), of: `of ${bytes(total)}`, note: calm ? peak : detail, line };
}

const shareOf = ({ usedPercent, usedBytes, totalBytes }: CheckView['metrics']): number | undefined =>
  usedPercent ?? (usedBytes !== undefined && totalBytes ? (usedBytes / totalBytes) * 100 : undefined);

/** Of several disks the fullest one is shown: it is the first to be in the way. */
function fullest(checks: TargetView['checks']): CheckView | undefined {
  return [...checks].sort((a, b) => (shareOf(b.metrics) ?? -1) - (shareOf(a.metrics) ?? -1))[0];
}

/** All the rules together: bytes, files, and the bytes of the largest. */
function allLogs(checks: TargetView['checks']): readonly [number, number, number] {
  const figures = (name: string): readonly number[] => checks.map(({ metrics }) => metrics[name] ?? 0);
  const sum = (name: string): number => figures(name).reduce((total, one) => total + one, 0);
  return [sum('totalBytes'), sum('files'), Math.max(...figures('largestBytes'))];
}

/** As checks/disk.ts has it: what a file system keeps for root is usual up to this share of it. */
const USUAL_RESERVE = 0.06;

/** It counts as used, for nobody else can write there; a person who counts files looks for it in vain. */
function reservedText(reserved: number | undefined, total: number): string {
  return reserved === undefined || reserved <= USUAL_RESERVE * total ? '' : WORDS.reserved(bytes(reserved));
}

function lineOf(
  target: TargetView,
  label: string,
  shown: CheckView | undefined,
  percent: number | undefined,
  total?: number,
): VitalLine {
  const memory = target.kind === 'memory';
  const sized = (share: number): string => (total === undefined ? '' : bytes((share / 100) * total));
  return {
    target: target.id,
    check: shown?.id,
    label: WORDS.usedOver(label),
    percent,
    whole: memory && total !== undefined ? bytes(total) : '100%',
    say: (share) => [wholePercent(share), sized(share)].filter((part) => part !== '').join(', '),
  };
}

/** The processor: shown, never judged. Its series is recorded under the name "cpu". */
export function cpuVital(vitals: Snapshot['vitals'], grey: boolean): Vital {
  const cpu = vitals?.cpu;
  const line = {
    target: 'cpu',
    check: undefined,
    label: WORDS.cpuOver,
    percent: cpu?.busyPercent,
    whole: '100%',
    say: wholePercent,
  };
  if (cpu === undefined)
    return { id: 'cpu', label: 'CPU', value: '–', of: '', note: WORDS.noDataYet, look: undefined, line };
  const warm = cpu.celsius === undefined ? '' : `, ${Math.round(cpu.celsius)} °C`;
  return {
    id: 'cpu',
    label: 'CPU',
    value: wholePercent(cpu.busyPercent),
    of: WORDS.ofCores(cpu.cores),
    note: `${grey ? 'load was' : 'load'} ${cpu.load1.toFixed(1)}${warm}`,
    look: undefined,
    line,
  };
}

function labelOf({ id, kind, checks }: TargetView, shown: CheckView | undefined): string {
  const place = shown?.id.slice(shown.id.indexOf(':') + 1) ?? '/';
  switch (kind) {
    case 'disk':
      return checks.length <= 1 && place === '/' ? 'Disk' : `Disk ${place}`;
    case 'memory':
      return 'Memory';
    case 'logs':
      return 'Logs';
    default:
      return id;
  }
}
