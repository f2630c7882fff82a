import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { bundled } from './scratch.ts';

export type Contender = {
  readonly child: ChildProcess;
  /** Sends a line and gives back what it says to it. */
  ask(line: 'try' | 'release' | 'storm'): Promise<string>;
  /** Ends it without a chance to let go of anything. */
  kill(): Promise<void>;
};

/** Starts processes that wait for the word to try for the lock in `folder`. They end with the test. */
export async function contenders(scratchFolder: string, folder: string, count: number): Promise<Contender[]> {
  const program = bundled('lock-contender', scratchFolder);
  return Promise.all(Array.from({ length: count }, () => contender(program, folder)));
}

async function contender(program: string, folder: string): Promise<Contender> {
  const child = spawn(process.execPath, [program, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  onTestFinished(async () => {
    child.stdin.end();
    await closed;
  });
  const lines = createInterface({ input: child.stdout });
  await said(lines);
  return {
    child,
    ask: (line) => {
      const answer = said(lines);
      child.stdin.write(`${line}\n`);
      return answer;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await closed;
    },
  };
}

async function said(lines: Interface): Promise<string> {
  const [line] = await once(lines, 'line');
  return String(line);
}
