import type { TargetView } from '../src/core/snapshot.ts';
import { bytes, bytesOf, wholePercent } from './measure.ts';
import { type Look, lookOf, NO_DATA } from './state-look.ts';
import { inThePast, WORDS } from './words.ts';

/** One host figure, in words. `share`: 0 to 1 of what there is, for the meter; absent when unknown. */
export type Vital = {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly of: string;
  readonly note: string;
  readonly share: number | undefined;
  /** Set when the figure needs attention: then the note carries its glyph and colour. */
  readonly look: Look | undefined;
};

export function vitalOf(target: TargetView, grey: boolean): Vital {
  const look = target.state === 'working' || target.state === 'first-run' ? undefined : lookOf(target.state);
  const base = { id: target.id, label: labelOf(target), look: grey && look !== undefined ? NO_DATA : look };
  const detail = grey ? inThePast(target.detail) : target.detail;
  const metrics = Object.assign({}, ...target.checks.map((check) => check.metrics)) as Readonly<Record<string, number>>;
  if (target.kind === 'logs' && metrics['totalBytes'] !== undefined) {
    const largest = metrics['largestBytes'];
    const calm = largest === undefined ? '' : WORDS.largestLog(bytes(largest));
    return {
      ...base,
      value: bytes(metrics['totalBytes']),
      of: WORDS.inFiles(metrics['files'] ?? 0),
      note: look === undefined ? calm : detail,
      share: undefined,
    };
  }
  const used = metrics['usedBytes'];
  const total = metrics['totalBytes'];
  const percent = metrics['usedPercent'] ?? (used !== undefined && total ? (used / total) * 100 : undefined);
  if (percent === undefined && used === undefined) {
    const looked = target.checks.some((check) => check.at !== undefined);
    return { ...base, value: '–', of: '', note: looked ? detail : WORDS.noDataYet, share: undefined };
  }
  const share = percent === undefined ? undefined : Math.min(1, Math.max(0, percent / 100));
  const whole = percent === undefined ? '' : wholePercent(percent);
  if (used === undefined || total === undefined) return { ...base, value: whole, of: '', note: detail, share };
  const left = `${bytes(Math.max(0, total - used))} ${grey ? 'was free' : 'free'}`;
  const note = look === undefined ? left : detail;
  // Memory is thought of in gigabytes, a disk in how full it is; both sizes stand beside either.
  return target.kind === 'memory'
    ? {
        ...base,
        value: bytes(used),
        of: `of ${bytes(total)}`,
        note: look === undefined ? `${whole} used, ${left}` : note,
        share,
      }
    : { ...base, value: whole, of: bytesOf(used, total), note, share };
}

function labelOf(target: TargetView): string {
  const instance = target.id.includes(':') ? target.id.slice(target.id.indexOf(':') + 1) : '';
  switch (target.kind) {
    case 'disk':
      return instance === '' || instance === '/' ? 'Disk' : `Disk ${instance}`;
    case 'memory':
      return 'Memory';
    case 'logs':
      return instance === '' ? 'Logs' : `Logs ${instance}`;
    default:
      return target.id;
  }
}
