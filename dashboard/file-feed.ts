import type { Neighbour } from './page-state.ts';

/** The only addresses a script may be loaded from: the files beside the page, with a query string against caches. */
const ADDRESS = /^health-(data|history)\.js\?t=\d+$/;
const PATIENCE_MS = 10_000;

type Callback = '__jarvisHealth' | '__jarvisHealthHistory';

declare global {
  interface Window {
    __jarvisHealth?: ((raw: unknown) => void) | undefined;
    __jarvisHealthHistory?: ((raw: unknown) => void) | undefined;
    trustedTypes?: {
      createPolicy(
        name: string,
        rules: { createScriptURL(address: string): string },
      ): { createScriptURL(address: string): string };
    };
  }
}

const rules = {
  createScriptURL(address: string): string {
    if (!ADDRESS.test(address)) throw new TypeError('not a file of the daemon');
    return address;
  },
};
const policy = window.trustedTypes?.createPolicy('jarvis-health-data', rules) ?? rules;

export type FileFeed = {
  /** Reads the file once; never rejects. One read at a time: a second call gets the first one's answer. */
  readonly readNow: () => Promise<Neighbour>;
};

/**
 * Reads a file beside the page by injecting a classic script: from disk neither fetch nor XHR nor modules may read it.
 * The file hands what it says to `callback`; `accept` answers whether it was usable.
 */
export function createFileFeed(
  file: 'health-data.js' | 'health-history.js',
  callback: Callback,
  accept: (raw: unknown) => boolean,
): FileFeed {
  let counter = 0;
  let said = false;
  let usable = false;
  let running: Promise<Neighbour> | undefined;
  window[callback] = (raw) => {
    said = true;
    usable = accept(raw);
  };

  const read = (): Promise<Neighbour> =>
    new Promise((resolve) => {
      said = false;
      usable = false;
      counter += 1;
      const tag = document.createElement('script');
      const end = (neighbour: Neighbour): void => {
        clearTimeout(patience);
        tag.onload = null;
        tag.onerror = null;
        tag.remove();
        resolve(neighbour);
      };
      const patience = setTimeout(() => end('unreadable'), PATIENCE_MS);
      // A file that loads and calls nothing was read while it was torn or empty: the next try will do.
      tag.onload = () => end(said && usable ? 'read' : 'torn');
      tag.onerror = () => end('unreadable');
      // The time makes it differ between openings of the page, the counter within one.
      tag.src = policy.createScriptURL(`${file}?t=${Math.round(performance.timeOrigin)}${counter}`);
      document.head.append(tag);
    });

  return {
    readNow: () => {
      running ??= read().finally(() => {
        running = undefined;
      });
      return running;
    },
  };
}
