import { type Agreement, isActedOn, type Proposal, type ProposedService } from '../init/proposal.ts';
import { clean } from '../text/clean.ts';
import { block, say } from '../text/lines.ts';
import type { Paper } from '../text/paper.ts';
import { paint } from '../text/paper.ts';
import { count } from '../text/words.ts';
import { nameFor } from './as-typed.ts';
import type { Context } from './context.ts';

const LEFT_SHOWN = 12;

/** What was found, and why each is or is not to go into the config. */
export function foundLines({ services, left, disks, memory, logs }: Proposal, paper: Paper): readonly string[] {
  const rest = left.length - LEFT_SHOWN;
  const found = [
    ...block(
      'Services found',
      services.flatMap((one) => serviceLines(one, paper)),
      paper,
    ),
    ...block('Left out', leftLines(left.slice(0, LEFT_SHOWN), paper), paper),
    ...(rest > 0 ? say(`and ${rest} more; the config lists them`, 2, paper, 'faint') : []),
    ...block(
      'Watched besides',
      [
        ...disks.flatMap(({ path, why }) => say(`disk ${path}: ${why}`, 2, paper)),
        ...say(`memory: ${memory.why}`, 2, paper),
        ...logs.flatMap(({ match, why }) => say(`logs ${match}: ${why}`, 2, paper)),
      ],
      paper,
    ),
  ];
  const none = 'No service was found that this program could look after.';
  return services.length === 0 ? [none, ...found] : found.slice(1);
}

function serviceLines(one: ProposedService, paper: Paper): readonly string[] {
  const name = paint(clean(one.name, 60), 'bold', paper);
  return [`  ${name}`, ...say(`${one.what}. ${one.why.join(' ')}`, 4, paper)];
}

function leftLines(left: Proposal['left'], paper: Paper): readonly string[] {
  return left.flatMap(({ what, why }) => say(`${what} ${why}`, 2, paper));
}

/** What was written and what it will act on from now on. */
export function writtenLines(
  { services }: Proposal,
  agreed: Agreement,
  { file, kept }: { readonly file: string; readonly kept: string | undefined },
  paper: Paper,
): readonly string[] {
  const named = (which: readonly ProposedService[]) => which.map(({ name }) => clean(name, 60)).join(', ');
  const acting = services.filter((one) => isActedOn(one, agreed));
  const watching = services.filter((one) => !isActedOn(one, agreed));
  return [
    '',
    ...say(`Written: ${file}`, 0, paper),
    ...(kept === undefined
      ? []
      : say(`The old one is kept as ${kept}; nothing of what it said is taken over.`, 0, paper)),
    ...(acting.length === 0
      ? ['It will act on nothing, and watch everything that was found.']
      : say(`It will bring back ${count(acting.length, 'service')} when down: ${named(acting)}.`, 0, paper)),
    ...(acting.length === 0 || watching.length === 0 ? [] : say(`Only watched: ${named(watching)}.`, 0, paper)),
    ...(agreed.logs ? ['Logs over 100 MB are rotated.'] : []),
    'The file says how to change that.',
  ];
}

export function nextLines(context: Context, runs: boolean): readonly string[] {
  const command = (name: string) => `${nameFor(context.env, context.home)} ${name}`;
  if (runs) return ['', 'The daemon that runs picks it up now. See how it is:', `  ${command('status')}`];
  return [
    '',
    'Next:',
    `  ${command('start')}    watch from now on`,
    `  ${command('install')}  the same, also after every boot`,
  ];
}
