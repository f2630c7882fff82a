import { wallMs } from '../host/clock.ts';
import { toJson } from '../text/clean.ts';
import { type Paper, toAscii } from '../text/paper.ts';
import { asTyped } from './as-typed.ts';
import { homeOf } from './home-of.ts';

/** What every command is given: where, for whom, and on what it writes. */
export type Context = {
  /** The home folder, absolute. */
  readonly home: string;
  /** What `--config` named. */
  readonly configFile: string | undefined;
  readonly json: boolean;
  readonly env: NodeJS.ProcessEnv;
  /** A person watches standard output. */
  readonly isTerminal: boolean;
  /** Made anew each time, because it carries the time. */
  readonly paper: () => Paper;
  /** Writes text to standard output. */
  readonly out: (text: string) => void;
  /** Writes a value to standard output as JSON. */
  readonly outJson: (value: unknown) => void;
  /** As `outJson`, in one line, for what comes as a stream. */
  readonly outLine: (value: unknown) => void;
  /** Progress and side remarks, on standard error; silent with `--json`. */
  readonly say: (text: string) => void;
};

export type Globals = {
  readonly home?: string;
  readonly config?: string;
  readonly json?: boolean;
  readonly color?: boolean;
};

// A table that is stretched over a very wide window is hard to read along.
const WIDEST = 120;

export function createContext(globals: Globals, env: NodeJS.ProcessEnv = process.env): Context {
  const isTerminal = process.stdout.isTTY === true;
  const json = globals.json === true;
  const unicode = speaksUtf8(env);
  const color = isTerminal && globals.color !== false && !env.NO_COLOR && env.TERM !== 'dumb';
  const width = isTerminal ? Math.max(20, Math.min(process.stdout.columns || 80, WIDEST)) : 80;
  const shown = unicode ? (text: string) => text : toAscii;
  const home = homeOf(globals.home, env);
  const typed = (text: string): string => asTyped(text, env, home);
  return {
    home,
    configFile: globals.config,
    json,
    env,
    isTerminal,
    paper: () => ({ width, color, unicode, nowMs: wallMs(), typed }),
    out: (text) => void process.stdout.write(shown(text)),
    outJson: (value) => void process.stdout.write(`${toJson(value)}\n`),
    outLine: (value) => void process.stdout.write(`${toJson(value, 0)}\n`),
    say: (text) => {
      if (!json) process.stderr.write(shown(`${typed(text)}\n`));
    },
  };
}

/** By the locale, as locale(7) ranks it. macOS terminals are UTF-8 without saying so. */
function speaksUtf8(env: NodeJS.ProcessEnv): boolean {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG;
  return locale ? /utf-?8/i.test(locale) : process.platform === 'darwin';
}
