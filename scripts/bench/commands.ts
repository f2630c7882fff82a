import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bench, inTurn, median, wallMs } from './measure.ts';
import { program, withDaemon } from './world.ts';

const rounds = 15;
const bare = [process.execPath, '-e', '0'];
/** The Nagios scale: what this machine happens to be like is no failure of the bench. */
const anyVerdict = [0, 1, 2, 3];

async function besideBareNode(argv: readonly string[]) {
  const taken = await inTurn(
    rounds,
    () => wallMs(argv, anyVerdict),
    () => wallMs(bare),
  );
  return {
    ours: median(taken.ours),
    beside: median(taken.beside),
    unit: 'ms',
    besideName: 'node -e 0',
    note: `median of ${rounds}, in turn`,
  } as const;
}

export const statusBench: Bench = {
  name: 'status',
  says: '`status` while the daemon runs',
  budget: 1.5,
  run: () => withDaemon(undefined, ({ home }) => besideBareNode([...program, 'status', '--home', home])),
};

export const initBench: Bench = {
  name: 'init',
  says: '`init --dry-run` on this very host',
  budget: 2_000,
  async run() {
    const home = mkdtempSync(join(tmpdir(), 'jarvis-health-bench-'));
    try {
      const argv = [...program, 'init', '--dry-run', '--home', home];
      const taken = Array.from({ length: 5 }, () => wallMs(argv));
      return { ours: Math.max(...taken), unit: 'ms', note: `slowest of 5, median ${Math.round(median(taken))} ms` };
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  },
};

export const onceBench: Bench = {
  name: 'once',
  says: '`--once` with defaults, no daemon',
  budget: 3,
  async run() {
    const home = mkdtempSync(join(tmpdir(), 'jarvis-health-bench-'));
    try {
      return await besideBareNode([...program, '--once', '--home', home]);
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  },
};
