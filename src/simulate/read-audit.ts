import type { TroubleClass } from '../core/classify.ts';
import { reasonInTitle } from '../core/incident.ts';
import type { Reason } from '../core/types.ts';
import type { Ended, Outcome, Recorded } from './episode.ts';

/** A line of the audit, as far as it is of use here. `at`: wall time in ms. */
export type AuditLine = {
  readonly at: number;
  readonly kind: string;
  readonly text: string;
  readonly target: string;
  readonly incident: string;
};

const MILD: readonly Reason[] = ['slow', 'rate-limited', 'degraded', 'over-limit', 'cannot-look'];
const BY_HAND = 'A recovery asked for by hand';

/**
 * Incidents that the daemon has forgotten, by what it wrote down of them: less exact, for a trouble begins here when it
 * was believed, and ends when it was believed to be over. `lines`: oldest first.
 */
export function recordedInAudit(lines: readonly AuditLine[]): readonly Recorded[] {
  const stories: AuditLine[][] = [];
  const open = new Map<string, AuditLine[]>();
  for (const line of lines) {
    const key = `${line.incident} ${line.target}`;
    if (line.kind === 'detected') {
      const story = [line];
      stories.push(story);
      open.set(key, story);
    } else open.get(key)?.push(line);
  }
  return stories.flatMap((story) => recorded(story) ?? []);
}

function recorded(story: readonly AuditLine[]): Recorded | undefined {
  const [detected] = story;
  const end = story.find(({ kind }) => kind === 'recovered' || kind === 'left');
  const reason = detected === undefined ? undefined : reasonInTitle(detected.target, detected.text);
  if (detected === undefined || reason === undefined) return undefined;
  const starts = story.filter(({ kind }) => kind === 'attempt-started');
  const automatic = starts.filter(({ text }) => !text.startsWith(BY_HAND));
  const alerts = story.filter(({ kind }) => kind.startsWith('alert-'));
  const helped = story.findLast(({ kind }) => kind === 'attempt-helped');
  const isMild = MILD.includes(reason) && !story.some(({ kind }) => kind === 'escalated');
  return {
    incident: detected.incident,
    attempts: automatic.map(({ at }) => at),
    alerts: alerts.length,
    exhausted: story.filter(({ kind }) => kind === 'gave-up').length,
    episode: {
      target: detected.target,
      from: detected.at,
      to: end?.at,
      reason,
      class: classIn(automatic[0]?.text),
      severity: isMild ? 'warning' : 'critical',
      ended: endedBy(story, end, helped, automatic),
      vain: (helped === undefined ? automatic : automatic.slice(0, -1)).map((start) => vain(story, start)),
    },
  };
}

function endedBy(
  story: readonly AuditLine[],
  end: AuditLine | undefined,
  helped: AuditLine | undefined,
  automatic: readonly AuditLine[],
): Ended {
  if (end === undefined) return { by: 'nobody' };
  const start = story.findLast(({ kind, at }) => kind === 'attempt-started' && at <= (helped?.at ?? 0));
  const byHand = start?.text.startsWith(BY_HAND) === true || story.some(({ kind }) => kind === 'stopped');
  if (helped !== undefined && start !== undefined && !byHand) {
    const startMs = Math.max(0, helped.at - start.at - 1_000);
    return { by: 'attempt', nth: automatic.length, acts: 1, actMs: 1_000, startMs };
  }
  const toldInVain = automatic.length > 0 && story.some(({ kind }) => kind === 'alert-opened');
  return { by: byHand || toldInVain ? 'person' : 'itself' };
}

function vain(story: readonly AuditLine[], start: AuditLine): Outcome {
  const after = story.find(
    ({ at, kind }) => at >= start.at && ['step-failed', 'refused', 'not-verified'].includes(kind),
  );
  const result = after?.kind === 'step-failed' ? 'failed' : after?.kind === 'refused' ? 'refused' : 'done';
  return { result, actMs: result === 'done' ? 1_000 : Math.max(1, (after?.at ?? start.at) - start.at) };
}

const CLASSES: readonly TroubleClass[] = [
  'refused-configuration',
  'oom-killed',
  'data-corruption',
  'dependency-missing',
  'disk-full',
  'permission',
  'port-conflict',
  'wrong-runtime',
];

/** `…, class "hung": …`; only those that the look alone does not tell. */
function classIn(text: string | undefined): TroubleClass | undefined {
  return CLASSES.find((one) => text?.includes(`class "${one}"`));
}
