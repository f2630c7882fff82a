import { createInterface } from 'node:readline/promises';
import type { Context } from './context.ts';

/** A question that only a person may answer; `undefined` where nobody sits. Ctrl-D is a no, Ctrl-C ends the command. */
export async function askPerson(context: Context, question: string, byDefault: boolean): Promise<boolean | undefined> {
  if (context.json || !context.isTerminal || process.stdin.isTTY !== true) return undefined;
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  const closed = new Promise<string>((resolve) => lines.once('close', () => resolve('no')));
  lines.once('SIGINT', () => {
    // The terminal is put right first; then it is as if the signal had come to us at once.
    lines.close();
    process.kill(process.pid, 'SIGINT');
  });
  try {
    const asked = lines.question(`${question} [${byDefault ? 'Y/n' : 'y/N'}] `);
    asked.catch(() => undefined);
    const answer = (await Promise.race([asked, closed])).trim().toLowerCase();
    return answer === '' ? byDefault : answer === 'y' || answer === 'yes';
  } finally {
    lines.close();
  }
}
