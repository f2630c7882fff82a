import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { configFileOf } from '../config/load.ts';
import { PersonError } from '../errors.ts';
import { wallMs } from '../host/clock.ts';
import { agree, type Question } from '../init/agree.ts';
import { keepConfig } from '../init/keep-config.ts';
import { type Agreement, type Proposal, SAFE } from '../init/proposal.ts';
import { propose } from '../init/propose.ts';
import { seeHost } from '../init/see-host.ts';
import { writeConfig } from '../init/write-config.ts';
import { openHome } from '../store/home.ts';
import { clean } from '../text/clean.ts';
import { askPerson } from './ask-person.ts';
import type { Context } from './context.ts';
import { askDaemon } from './daemon.ts';
import { foundLines, nextLines, writtenLines } from './init-words.ts';
import type { Options } from './options.ts';
import { openProgress } from './progress.ts';

/** Looks at this host and writes a config of what it found; acts on nothing itself. */
export async function run(context: Context, _args: readonly string[], options: Options): Promise<number> {
  const dryRun = options.dryRun === true;
  const file = configFileOf({ home: context.home, file: context.configFile });
  if (!dryRun && options.force !== true) assertNone(file);
  const homeFolder = context.env.HOME || homedir();
  const proposal = await lookAround(context, homeFolder);
  if (!context.json) context.out(`${foundLines(proposal, context.paper()).join('\n')}\n`);
  const agreed = dryRun || options.yes === true ? SAFE : await agreeWith(context, proposal);
  const text = writeConfig(proposal, agreed ?? SAFE, homeFolder);
  if (dryRun || agreed === undefined) {
    if (context.json) context.outJson({ written: false, file, proposal, text });
    else if (dryRun) context.out(`\n# ${clean(file, 4096)}, as it would be written:\n${text}`);
    if (dryRun) return 0;
    throw new PersonError(
      'USAGE',
      'Nobody sits here to agree, so nothing was written.',
      'jarvis-health init --yes acts through owners only and watches the rest; --dry-run shows the file.',
    );
  }
  openHome(context.home);
  if (options.force !== true) assertNone(file);
  const kept = await keepConfig(file, text, wallMs());
  if (context.json) context.outJson({ written: true, file, kept, proposal, text });
  else
    context.out(
      `${[...writtenLines(proposal, agreed, { file, kept }, context.paper()), ...nextLines(context, await daemonRuns(context))].join('\n')}\n`,
    );
  return 0;
}

async function lookAround(context: Context, homeFolder: string): Promise<Proposal> {
  const progress = openProgress(context, 'Looking at this host');
  try {
    return propose(await seeHost({ uid: process.getuid?.() ?? -1, env: context.env, homeFolder }));
  } finally {
    progress.end();
  }
}

/** `undefined` where nobody sits. */
async function agreeWith(context: Context, proposal: Proposal): Promise<Agreement | undefined> {
  if (context.json || !context.isTerminal || process.stdin.isTTY !== true) return undefined;
  // It quotes command lines of the host.
  const ask: Question = async (question) => (await askPerson(context, clean(question), false)) ?? false;
  context.out('\nNothing is written yet. Ctrl-C leaves everything as it is.\n');
  return await agree(proposal, ask);
}

async function daemonRuns(context: Context): Promise<boolean> {
  try {
    await askDaemon(context, '/health');
    return true;
  } catch {
    return false;
  }
}

function assertNone(file: string): void {
  if (!existsSync(file)) return;
  throw new PersonError(
    'CONFIG_EXISTS',
    `${file} is there already, and what a person wrote is not overwritten.`,
    'jarvis-health init --dry-run shows what it would write; --force writes it and keeps the old one beside it.',
  );
}
