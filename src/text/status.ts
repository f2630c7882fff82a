import type { Snapshot } from '../core/snapshot.ts';
import { saySize } from '../core/units.ts';
import { foundLines } from './found.ts';
import { openIncidents } from './incidents.ts';
import { block, say, sayOnce } from './lines.ts';
import { type Paper, paint } from './paper.ts';
import { targetTable } from './targets.ts';
import { fullTime, shortTime, since } from './time.ts';
import { count, paintOf, signOf } from './words.ts';

/** Why a snapshot is a memory and says nothing of the present. */
export type Absence = 'not running' | 'not answering';

export type StatusOptions = {
  /** Every check, what was found on the host, every notice. */
  readonly all: boolean;
  /** Set when no daemon answers. */
  readonly absence: Absence | undefined;
};

/** The whole of `status`: verdict first, then targets, incidents, holds, alerts, the daemon itself. */
export function renderStatus(snapshot: Snapshot, options: StatusOptions, paper: Paper): string {
  const past = options.absence !== undefined;
  const lines = [
    ...(options.absence === undefined ? verdict(snapshot, paper) : pastVerdict(snapshot, options.absence, paper)),
    '',
    ...targetTable(snapshot, { all: options.all, past }, paper),
    ...block('Open incidents', openIncidents(snapshot, past, paper), paper),
    ...block(
      'On hold',
      snapshot.holds.flatMap((hold) => say(holdText(hold, paper), 2, paper)),
      paper,
    ),
    ...block(
      'Silent',
      snapshot.silences.map((s) => sayOnce(`${s.scope}: no alerts until ${shortTime(s.until, paper.nowMs)}`, 2, paper)),
      paper,
    ),
    ...block('Notices', notices(snapshot, options.all, paper), paper),
    ...(options.all ? foundLines(snapshot.found, paper) : []),
    '',
    ...(snapshot.alerts.pending.length > 0
      ? say(
          `${count(snapshot.alerts.pending.length, 'alert')} pending; "jarvis-health alerts" shows them, "alerts take" takes them.`,
          0,
          paper,
        )
      : []),
    ...(past ? [] : autoFixed(snapshot, paper)),
    ...daemonLine(snapshot, options.absence, paper),
  ];
  return `${lines.join('\n')}\n`;
}

function verdict(snapshot: Snapshot, paper: Paper): string[] {
  const { state, headline, detail } = snapshot.verdict;
  return [
    ...say(`${signOf(state, paper)} ${headline}`, 0, paper, paintOf(state)),
    ...(detail === '' ? [] : say(detail, 2, paper)),
  ];
}

/** Never green by silence (DASHBOARD §1.2): what was is not said of now. */
function pastVerdict(snapshot: Snapshot, absence: Absence, paper: Paper): string[] {
  const { state, stoppedAt, reason } = snapshot.daemon;
  const at = shortTime(snapshot.writtenAt, paper.nowMs);
  const stopped =
    state === 'stopped' && stoppedAt !== undefined
      ? `Stopped at ${shortTime(stoppedAt, paper.nowMs)}${reason ? ` by ${/^SIG[A-Z]+$/.test(reason) ? `the signal ${reason}` : reason}` : ''}. `
      : '';
  const isGone = absence === 'not running';
  return [
    ...say(
      `${signOf('unknown', paper)} The health daemon is ${absence}, data from ${at} (${since(snapshot.writtenAt, paper.nowMs)} ago)`,
      0,
      paper,
      'bold',
    ),
    ...say(isGone ? `${stopped}Nothing is being watched.` : 'Its process lives, but says nothing.', 2, paper),
    ...say(`Below is how things were at ${at}, not how they are now.`, 2, paper),
    ...say(`At ${at}: ${snapshot.verdict.headline}`, 2, paper, 'faint'),
    ...say(isGone ? `Start it: ${snapshot.daemon.startHint}` : 'If it stays so: jarvis-health restart', 2, paper),
  ];
}

function holdText(hold: Snapshot['holds'][number], paper: Paper): string {
  const until = hold.until === undefined ? '' : `, until ${shortTime(hold.until, paper.nowMs)}`;
  return `${hold.scope}: ${hold.reason || hold.kind}${until}`;
}

function notices(snapshot: Snapshot, all: boolean, paper: Paper): string[] {
  const trouble = snapshot.daemon.configTrouble;
  const kept = all ? snapshot.daemon.notices : snapshot.daemon.notices.slice(-3);
  return [
    ...(trouble === undefined ? [] : say(trouble, 2, paper, 'watch')),
    ...kept.flatMap((notice) => say(`${fullTime(notice.at, paper.nowMs)} ${notice.text}`, 2, paper)),
  ];
}

const DAY_MS = 86_400_000;

/** A crash that was mended in a second leaves no other trace here. */
function autoFixed({ incidents }: Snapshot, paper: Paper): string[] {
  const fixed = incidents.filter(
    ({ outcome, end }) => outcome === 'auto-fixed' && end !== undefined && paper.nowMs - end < DAY_MS,
  );
  if (fixed.length === 0) return [];
  const names = [...new Set(fixed.map(({ target }) => target))].join(', ');
  return say(
    `${count(fixed.length, 'incident')} auto-fixed in the last 24 h (${names}); see: jarvis-health incidents`,
    0,
    paper,
  );
}

/** After a careful `init` nothing may be acted upon yet, and "acts" alone would promise more. */
function actsOn({ targets }: Snapshot): string {
  const services = targets.filter(({ kind }) => kind === 'service');
  const acting = services.filter(({ mode, plan }) => mode === 'act' && plan.length > 0);
  if (services.length === 0) return 'acts';
  return `acts on ${acting.length === 0 ? 'no service yet' : `${acting.length} of ${count(services.length, 'service')}`}`;
}

function daemonLine(snapshot: Snapshot, absence: Absence | undefined, paper: Paper): string[] {
  const { daemon } = snapshot;
  const mode = daemon.mode === 'act' ? actsOn(snapshot) : 'observes only';
  const words = absence
    ? [`Daemon ${daemon.version}`, absence, daemon.mode === 'act' ? 'acted' : 'observed only']
    : [
        `Daemon ${daemon.version}`,
        `pid ${daemon.pid}`,
        `up ${since(daemon.startedAt, paper.nowMs)}`,
        `${saySize(daemon.rssBytes)} of memory`,
        mode,
      ];
  const hint =
    daemon.configured || absence !== undefined
      ? []
      : say('No config yet: it watches what it found and acts on nothing.', 0, paper, 'faint');
  return [paint(sayOnce(words.join(', '), 0, { ...paper, color: false }), 'faint', paper), ...hint];
}
