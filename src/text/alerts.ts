import type { Alert } from '../core/state.ts';
import { clean } from './clean.ts';
import { say, sayOnce } from './lines.ts';
import { type Paint, type Paper, paint } from './paper.ts';
import { fullTime } from './time.ts';

type Kept = Alert & { readonly takenAt?: number };

const PAINTS: Record<Alert['kind'], Paint> = {
  opened: 'bad',
  escalated: 'bad',
  failed: 'bad',
  reminder: 'watch',
  resolved: 'good',
};

/** Each alert, in parts instead of its body (which says the same in one piece, for a chat): what, since when, the evidence, what was tried, what happens next and what a person can do. */
export function renderAlerts(alerts: readonly Kept[], paper: Paper): string {
  if (alerts.length === 0) return 'No alert is pending.\n';
  return `${alerts.map((alert) => oneAlert(alert, paper).join('\n')).join('\n\n')}\n`;
}

function oneAlert(alert: Kept, paper: Paper): string[] {
  const row = (word: string, text: string): string[] => {
    if (text === '') return [];
    const [first = '', ...more] = say(text, 12, paper);
    return [`  ${paint(word.padEnd(10), 'faint', paper)}${first.trimStart()}`, ...more];
  };
  const head = `${alert.kind}: ${alert.title}`;
  return [
    paint(clean(head, paper.width), PAINTS[alert.kind], paper),
    ...row('since', `${fullTime(alert.since, paper.nowMs)}, told ${fullTime(alert.createdAt, paper.nowMs)}`),
    ...alert.evidence.flatMap((line) => row('evidence', line)),
    ...alert.tried.flatMap((line) => row('tried', line)),
    ...row('next', alert.next),
    ...row('do this', alert.doThis),
    ...(alert.takenAt === undefined ? [] : row('taken', fullTime(alert.takenAt, paper.nowMs))),
    sayOnce(`id ${alert.id}, incident ${alert.incident}`, 2, paper, 'faint'),
  ];
}
