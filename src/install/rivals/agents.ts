import { join } from 'node:path';
import { typed } from '../../host/hands-plan.ts';
import { fromXmlText } from '../quote.ts';
import { run } from '../steps.ts';
import { filesIn, type TextFile } from './folder.ts';
import type { Rival } from './rival.ts';
import { isNoRival, signIn, signOf } from './signs.ts';

/** launchd jobs, among them the agent of the old health system. A plist is moved aside, never deleted. */
export function rivalAgents(
  roots: { readonly homeFolder: string; readonly library: string },
  uid: number,
): readonly Rival[] {
  const agents = [join(roots.homeFolder, 'Library/LaunchAgents'), join(roots.library, 'LaunchAgents')];
  return [
    ...agents.flatMap((folder, index) => jobsIn(folder, `gui/${uid}`, index === 0 || uid === 0)),
    ...jobsIn(join(roots.library, 'LaunchDaemons'), 'system', uid === 0),
  ];
}

function jobsIn(folder: string, domain: string, mayRetire: boolean): readonly Rival[] {
  return filesIn(folder, '.plist').flatMap((file) => {
    const { name, path } = file;
    if (isNoRival(name)) return [];
    const strings = stringsOf(file);
    const sign = signIn(name) ?? signOf(strings);
    if (sign === undefined) return [];
    const label = labelOf(file);
    const out = ['launchctl', 'bootout', `${domain}/${label}`];
    // launchd loads what ends in .plist.
    const aside = `${path}.retired`;
    const sudo = mayRetire ? '' : 'sudo ';
    return [
      {
        name: `launchd job ${label}`,
        where: path,
        sign,
        retire: mayRetire
          ? [run(out, { fineWhen: /Boot-out failed: (36|3|113)\b/ }), { do: 'move', file: path, to: aside }]
          : [],
        byHand: `${sudo}${typed(out)} && ${sudo}${typed(['mv', path, aside])}`,
        undo: `${typed(['mv', aside, path])} && ${typed(['launchctl', 'bootstrap', domain, path])}`,
      },
    ];
  });
}

function labelOf({ name, text }: TextFile): string {
  const said = /<key>Label<\/key>\s*<string>([^<]*)<\/string>/.exec(text)?.[1];
  return said === undefined ? name.replace(/\.plist$/, '') : fromXmlText(said);
}

/** Of a binary plist as well: its text stands in it as it is. */
function stringsOf({ text }: TextFile): readonly string[] {
  if (!text.startsWith('bplist'))
    return [...text.matchAll(/<string>([^<]*)<\/string>/g)].map(([, word = '']) => fromXmlText(word));
  return [...text.matchAll(/[\x20-\x7e]{4,}/g)].map(([word]) => word.replace(/^.*?(?=\/)/, ''));
}
