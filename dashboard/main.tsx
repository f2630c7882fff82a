import { render } from 'preact';
import { afterPaint, nextTask } from './after-paint.ts';
import { holdStill } from './anchor.ts';
import { App } from './app.tsx';
import { Boundary } from './boundary.tsx';
import { wallNow } from './clock.ts';
import { createFileFeed } from './file-feed.ts';
import { tick } from './freshness.ts';
import { onKey } from './keys.ts';
import type { PageState } from './page-state.ts';
import { Plain } from './plain.tsx';
import { readHistory } from './read-history.ts';
import { readSnapshot } from './read-snapshot.ts';

const EVERY_MS = 5000;
const EVERY_HIDDEN_MS = 60_000;
/** The past changes four times an hour. */
const HISTORY_EVERY_MS = 60_000;
/** A page left open in the back is renewed once a day, for its own sake and for a newer page. */
const RENEW_AFTER_MS = 24 * 60 * 60 * 1000;

const root = document.getElementById('page') ?? document.body;
const openedAt = wallNow();
let ticks = { lastAt: openedAt, wokeAt: undefined as number | undefined };
let page: PageState = {
  first: true,
  snapshot: undefined,
  history: undefined,
  newer: false,
  neighbour: 'unread',
  reading: false,
  now: openedAt,
  wokeAt: undefined,
};
let fromFile = false;
let readAt = Number.NEGATIVE_INFINITY;
let historyReadAt = Number.NEGATIVE_INFINITY;

function draw(change: Partial<PageState>): void {
  page = { ...page, now: wallNow(), ...change };
  const broken = (error: unknown) => <Plain snapshot={page.snapshot} error={error} />;
  holdStill(() =>
    render(
      <Boundary stamp={page.snapshot} broken={broken}>
        <App page={page} readAgain={readAgain} reload={() => location.reload()} />
      </Boundary>,
      root,
    ),
  );
}

/** The one way in for data: the embedded copy first, the file beside the page from then on. */
function accept(raw: unknown, beside: boolean): boolean {
  const reading = readSnapshot(raw);
  if (reading === undefined) return false;
  if (reading.kind === 'newer') {
    page = { ...page, newer: true };
    return true;
  }
  // The embedded copy may be the newer one (a full disk stopped the file); once the file was taken, the file leads,
  // also back in time when the host's clock was set back.
  if (beside && !fromFile && page.snapshot !== undefined && reading.snapshot.writtenAt < page.snapshot.writtenAt)
    return true;
  fromFile ||= beside;
  if (reading.snapshot.writtenAt === page.snapshot?.writtenAt && reading.snapshot.seq === page.snapshot.seq)
    return true;
  page = { ...page, snapshot: reading.snapshot, newer: false };
  return true;
}

/** A history older than the one at hand is taken too: a clock may have been set back. */
function acceptHistory(raw: unknown): boolean {
  const history = readHistory(raw);
  if (history === undefined) return false;
  if (history.writtenAt !== page.history?.writtenAt) page = { ...page, history };
  return true;
}

const feed = createFileFeed('health-data.js', '__jarvisHealth', (raw) => accept(raw, true));
const historyFeed = createFileFeed('health-history.js', '__jarvisHealthHistory', acceptHistory);

async function readFile(asked: boolean): Promise<void> {
  readAt = wallNow();
  if (asked) draw({ reading: true });
  const neighbour = await feed.readNow();
  await nextTask();
  draw({ neighbour, ...(asked ? { reading: false } : {}) });
}

/** Whether it was there or not is no news: without it the bars say "no data". */
async function readPast(): Promise<void> {
  historyReadAt = wallNow();
  await historyFeed.readNow();
  await nextTask();
  draw({});
}

function readAgain(): void {
  void readPast();
  void readFile(true);
}

function onTick(): void {
  const now = wallNow();
  ticks = tick(ticks, now);
  const every = document.hidden ? EVERY_HIDDEN_MS : EVERY_MS;
  // A clock set back must not end the reading.
  if (now - readAt >= every - 500 || now < readAt) void readFile(false);
  if (!document.hidden && (now - historyReadAt >= HISTORY_EVERY_MS - 500 || now < historyReadAt)) void readPast();
  if (document.hidden && now - openedAt >= RENEW_AFTER_MS) location.reload();
  draw({ wokeAt: ticks.wokeAt });
}

function embedded(id: 'snapshot' | 'history'): unknown {
  try {
    return JSON.parse(document.getElementById(id)?.textContent ?? '');
  } catch {
    return undefined;
  }
}

function begin(): void {
  acceptHistory(embedded('history'));
  draw({ first: false });
  void readFile(false);
  void readPast();
  setInterval(onTick, 1000);
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) return;
    onTick();
    void readFile(false);
    void readPast();
  });
  document.addEventListener('keydown', onKey);
}

accept(embedded('snapshot'), false);
draw({});
afterPaint(begin);
