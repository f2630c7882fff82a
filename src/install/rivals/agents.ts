import { join } from 'node:path';
import { typed } from '../../host/hands-plan.ts';
import { fromXmlText } from '../quote.ts';
import type { RunCommand } from '../sight.ts';
import { run } from '../steps.ts';
import { filesIn, type TextFile } from './folder.ts';
import type { Keepers } from './keepers.ts';
import { isJobOften } from './recurs.ts';
import type { Rival } from './rival.ts';
import { isNoRival, isOldSystem, isSure, signOf } from './signs.ts';

/**
 * launchd jobs, among them the agent of the old health system; none that the gateway runs in. A plist is moved aside,
 * never deleted.
 */
export async function rivalAgents(
  roots: { readonly homeFolder: string; readonly library: string },
  uid: number,
  ask: RunCommand,
  keepers: Pick<Keepers, 'jobs'>,
): Promise<readonly Rival[]> {
  const agents = [join(roots.homeFolder, 'Library/LaunchAgents'), join(roots.library, 'LaunchAgents')];
  const jobs = [
    ...agents.map((folder, index) => jobsIn(folder, `gui/${uid}`, index === 0 || uid === 0, ask)),
    jobsIn(join(roots.library, 'LaunchDaemons'), 'system', uid === 0, ask),
  ];
  return (await Promise.all(jobs)).flat().filter(({ id }) => !keepers.jobs.has(id));
}

async function jobsIn(folder: string, domain: string, mayRetire: boolean, ask: RunCommand): Promise<readonly Rival[]> {
  const found = filesIn(folder, '.plist').map(async (file) => {
    if (isNoRival(file.name)) return [];
    const job = await jobIn(file, ask);
    const sign = signOn(job);
    return sign === undefined ? [] : [rivalFrom(file.path, { ...job, ...sign }, domain, mayRetire)];
  });
  return (await Promise.all(found)).flat();
}

/** `label`: `undefined` where the file cannot be read, and then nothing is done to it. */
type Job = {
  readonly name: string;
  readonly label: string | undefined;
  readonly text: string;
  readonly words: readonly string[];
};

async function jobIn({ name, path, text }: TextFile, ask: RunCommand): Promise<Job> {
  if (!text.startsWith('bplist')) return { name, ...read(name, text) };
  const converted = await ask(['plutil', '-convert', 'xml1', '-o', '-', path], 5_000);
  if (converted.ok) return { name, ...read(name, converted.stdout) };
  // Its text stands in it as it is; which of it is the label does not.
  const words = [...text.matchAll(/[\x20-\x7e]{4,}/g)].map(([word]) => word.replace(/^.*?(?=\/)/, ''));
  return { name, label: undefined, text: '', words };
}

function read(name: string, text: string): Omit<Job, 'name'> {
  const said = /<key>Label<\/key>\s*<string>([^<]*)<\/string>/.exec(text)?.[1];
  const words = [...text.matchAll(/<string>([^<]*)<\/string>/g)].map(([, word = '']) => fromXmlText(word));
  return { label: said === undefined ? name.replace(/\.plist$/, '') : fromXmlText(said), text, words };
}

type Found = { readonly sign: string; readonly isSure: boolean };

function signOn({ name, label = '', text, words }: Job): Found | undefined {
  const old = [label, name].find(isOldSystem);
  if (old !== undefined) return { sign: old, isSure: true };
  const sign = signOf(words.filter((word) => word !== label));
  return sign && { sign: sign.line, isSure: isSure(sign, isJobOften(text)) };
}

function rivalFrom(path: string, job: Job & Found, domain: string, mayRetire: boolean): Rival {
  const { name, label, sign, isSure } = job;
  // launchd loads what ends in .plist.
  const aside = `${path}.retired`;
  const sudo = mayRetire ? '' : 'sudo ';
  const out = ['launchctl', 'bootout', `${domain}/${label ?? name.replace(/\.plist$/, '')}`];
  return {
    id: label ?? name,
    name: `launchd job ${label ?? name}`,
    where: path,
    sign,
    isSure,
    retire:
      mayRetire && label !== undefined
        ? [run(out, { fineWhen: /Boot-out failed: (36|3|113)\b/ }), { do: 'move', file: path, to: aside }]
        : [],
    byHand: `${sudo}${typed(out)} && ${sudo}${typed(['mv', path, aside])}`,
    undo: `${typed(['mv', aside, path])} && ${typed(['launchctl', 'bootstrap', domain, path])}`,
  };
}
