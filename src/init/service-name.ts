import { baseName } from '../core/command-line.ts';
import { programIn } from '../core/program.ts';
import type { SeenOwner, SeenProcess } from './seen.ts';

/** Names that mean something else in commands (rules-services.ts refuses them). */
const TAKEN = ['disk', 'memory', 'logs', 'host', 'all', 'daemon', 'gateway'];

/** What a person would call it: its unit, else its folder, else its program. Not unique yet. */
export function plainName(owner: SeenOwner, process: SeenProcess, homeFolder: string): string {
  return tidy(ownersName(owner) ?? folderName(process, homeFolder) ?? programName(process)) || 'service';
}

function ownersName(owner: SeenOwner): string | undefined {
  if (owner === undefined || owner === 'unknown') return undefined;
  switch (owner.kind) {
    case 'systemd':
      return owner.unit.replace(/\.service$/, '');
    case 'launchd':
      return owner.label.split('.').at(-1);
    case 'pm2':
    case 'container':
      return owner.name;
  }
}

function folderName({ cwd }: SeenProcess, homeFolder: string): string | undefined {
  return cwd === undefined || cwd === '/' || cwd === homeFolder ? undefined : baseName(cwd);
}

function programName({ argv }: SeenProcess): string {
  return baseName(argv[programIn(argv)?.last ?? 0] ?? '').replace(/\.\w{1,4}$/, '');
}

function tidy(name: string): string {
  return [...name.replace(/[^\p{L}\p{N}._-]+/gu, '-')]
    .slice(0, 48)
    .join('')
    .replace(/^[-.]+|[-.]+$/g, '');
}

/** Makes a name unlike all others by its port. */
export function uniqueName(name: string, port: number, taken: ReadonlySet<string>): string {
  const isFree = (one: string) => !taken.has(one) && !TAKEN.includes(one.toLowerCase());
  if (isFree(name)) return name;
  for (let more = 0; ; more += 1) {
    const other = more === 0 ? `${name}-${port}` : `${name}-${port}-${more}`;
    if (isFree(other)) return other;
  }
}
