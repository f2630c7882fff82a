import { ERRORS } from '../errors.ts';
import { say } from '../text/lines.ts';
import { paint } from '../text/paper.ts';
import type { Context } from './context.ts';
import { examine, type Finding } from './examine.ts';

/** What this host lacks for each feature, and the command that fixes it. Ends with 69 when something necessary is missing. */
export async function run(context: Context): Promise<number> {
  const findings = await examine(context);
  const code = findings.some(({ is }) => is === 'wrong') ? ERRORS.EXEC_NOT_FOUND.exit : 0;
  if (context.json) {
    context.outJson({ ok: code === 0, findings });
    return code;
  }
  const paper = context.paper();
  const signs = paper.unicode ? { good: '✔', lacks: '▲', wrong: '✖' } : { good: '+', lacks: '!', wrong: 'x' };
  const paints = { good: 'good', lacks: 'watch', wrong: 'bad' } as const;
  const lines = findings.flatMap(({ is, what, text, fix }: Finding) => {
    const [first = '', ...more] = say(`${what}: ${text}`, 2, paper);
    return [
      `${paint(signs[is], paints[is], paper)}${first.slice(1)}`,
      ...more,
      ...(fix === undefined ? [] : say(fix, 4, paper, 'bold')),
    ];
  });
  context.out(`${lines.join('\n')}\n`);
  return code;
}
