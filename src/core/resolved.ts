import { alertText } from './alert-text.ts';
import { isMuted, owe, post } from './outbox.ts';
import type { Alert, Incident } from './state.ts';
import { audit, type Turn } from './turn.ts';
import type { TargetId } from './types.ts';

/** The trouble is over: said only when something had been said before, and then for certain. */
export function tellResolved(turn: Turn, target: TargetId, closed: Incident): void {
  if (closed.sent.opened) say(turn, { ...alertText(turn, target, closed, 'resolved'), kind: 'resolved' });
}

/** It left the config while somebody thought it in trouble: it is not well, it is no longer watched. */
export function tellLeft(turn: Turn, target: TargetId, closed: Incident): void {
  if (!closed.sent.opened) return;
  const title = `${target} is no longer watched`;
  say(turn, {
    key: target,
    kind: 'resolved',
    severity: closed.severity,
    target,
    incident: closed.id,
    title,
    body: `${title}. ${closed.title} when it left the config.`,
    since: closed.started.at,
    createdAt: turn.now.at,
    evidence: [],
    tried: [],
    next: 'Nothing; it is not in the config any more.',
    doThis: '',
  });
}

function say(turn: Turn, alert: Omit<Alert, 'id'>): void {
  const { target, incident, title } = alert;
  const isLater = isMuted(turn, target);
  if (isLater) owe(turn, alert);
  else post(turn, alert);
  const text = isLater ? `Alert, to be sent when the silence is over: ${title}` : `Alert: ${title}`;
  audit(turn, { event: 'alert-resolved', target, incident, text });
}
