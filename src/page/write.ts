import { join } from 'node:path';
import type { HistoryView } from '../core/history-view.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { dueOf, type Written } from './due.ts';
import { fitForFiles } from './fit.ts';
import { fitHistory, HISTORY_BUDGET } from './fit-history.ts';
import { renderDataFile, renderHistoryFile, renderPage } from './render.ts';

export type PageWriterOptions = {
  readonly folder: string;
  /** Without one there is no health.html; the other files are written all the same. */
  readonly template: string | undefined;
  /** Replaces a file as a whole (temporary name in the same folder, then rename): a browser must never read half of it. */
  readonly write: (path: string, text: string) => Promise<void>;
  /** health.txt */
  readonly renderText: (snapshot: Snapshot) => string;
  /** Steady ms. */
  readonly steadyMs: () => number;
  /** Told of a file that could not be written, once until it is written again; every turn tries it again. */
  readonly onTrouble?: (file: string, error: unknown) => void;
};

export type PageWriter = {
  /**
   * Hands over the newest snapshot; call it on every change and whenever `isDue`. Writes what is due, now or a moment
   * later, and returns at once. Never throws.
   */
  readonly publish: (snapshot: Snapshot, options: { readonly stateChanged: boolean }) => void;
  /** Whether a file would be written though nothing changed: asked before a snapshot is made for nothing. */
  readonly isDue: () => boolean;
  /** Hands over the newest past: it is written at once, and goes into every page from now on. Never throws. */
  readonly publishHistory: (history: HistoryView) => void;
  /** Writes what is still waiting, now; resolves when it is on disk or was refused. Never rejects. */
  readonly flush: () => Promise<void>;
};

/** Keeps health.html, health-data.js, health-history.js and health.txt close to the newest snapshot without wearing out the disk. */
export function createPageWriter(options: PageWriterOptions): PageWriter {
  let latest: Snapshot | undefined;
  let past: HistoryView | undefined;
  let written: Written = { dataAt: undefined, pageAt: undefined, dataBytes: 0 };
  let waiting = { data: false, page: false };
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();
  const refused = new Set<string>();

  const put = async (file: string, text: () => string): Promise<void> => {
    try {
      await options.write(join(options.folder, file), text());
      refused.delete(file);
    } catch (error) {
      // A full disk is a normal day: the page shows its age, and the next turn tries again. It is said once: a line in
      // the log every second would take the room that is kept for the state.
      if (refused.has(file)) return;
      refused.add(file);
      options.onTrouble?.(file, error);
    }
  };

  const writeNow = async (data: boolean, page: boolean): Promise<void> => {
    if (latest === undefined) return;
    const { template } = options;
    const snapshot = latest;
    if (data) {
      await put('health-data.js', () => {
        const text = renderDataFile(fitForFiles(snapshot));
        written = { ...written, dataBytes: text.length };
        return text;
      });
    }
    if (page) await put('health.txt', () => options.renderText(snapshot));
    if (page && template !== undefined)
      await put('health.html', () => renderPage(template, fitForFiles(snapshot), past));
  };

  /** Times count from the start of a write, refused or not: a full disk is not hammered. */
  const begin = (data: boolean, page: boolean): void => {
    const now = options.steadyMs();
    written = { ...written, dataAt: data ? now : written.dataAt, pageAt: page ? now : written.pageAt };
    waiting = { data: waiting.data && !data, page: waiting.page && !page };
    writing = writing.then(() => writeNow(data, page));
  };

  const settle = (stateChanged: boolean): void => {
    const due = dueOf(written, stateChanged, options.steadyMs());
    const pending = dueOf(written, true, options.steadyMs());
    const dataInMs = waiting.data ? pending.dataInMs : due.dataInMs;
    const pageInMs = waiting.page ? pending.pageInMs : due.pageInMs;
    waiting = { data: dataInMs !== undefined, page: pageInMs !== undefined };
    if (dataInMs === 0 || pageInMs === 0) begin(dataInMs === 0, pageInMs === 0);
    const later = [waiting.data ? dataInMs : undefined, waiting.page ? pageInMs : undefined].filter(
      (ms) => ms !== undefined,
    );
    clearTimeout(timer);
    timer = later.length === 0 ? undefined : setTimeout(() => settle(false), Math.min(...later));
    // The page alone must not keep a daemon from ending; `flush` is for that.
    timer?.unref();
  };

  return {
    publish: (snapshot, { stateChanged }) => {
      latest = snapshot;
      settle(stateChanged);
    },
    isDue: () => {
      const { dataInMs, pageInMs } = dueOf(written, false, options.steadyMs());
      return dataInMs !== undefined || pageInMs !== undefined;
    },
    publishHistory: (history) => {
      const isFirst = past === undefined;
      past = fitHistory(history, HISTORY_BUDGET.page);
      const fitted = fitHistory(history, HISTORY_BUDGET.file);
      writing = writing.then(() => put('health-history.js', () => renderHistoryFile(fitted)));
      // The page that stands there has none; from now on it goes along in the page's own rhythm.
      if (isFirst && latest !== undefined) begin(false, true);
    },
    flush: async () => {
      clearTimeout(timer);
      timer = undefined;
      if (waiting.data || waiting.page) begin(waiting.data, waiting.page);
      await writing;
    },
  };
}
