import { shortCommand } from '../core/command-line.ts';
import { nameOwner } from '../core/owner.ts';
import { withTilde } from './folders.ts';
import { notPlainlyOwn } from './own-program.ts';
import { preferredPort } from './preferred-port.ts';
import type { Look, ProposedService } from './proposal.ts';
import type { Seen, SeenPort, SeenProcess, SeenService } from './seen.ts';
import { plainName } from './service-name.ts';
import { guessMatch, guessStart } from './start-command.ts';
import { notOurs, unitText } from './unit-text.ts';

/** How one service is watched and who would bring it back; `undefined` when its process cannot be seen. */
export function proposeService(one: SeenService, seen: Seen): ProposedService | undefined {
  const { process, owner } = one;
  const port = preferredPort(one, seen);
  if (process === undefined) return undefined;
  const { look, why: looked } = port === undefined ? byOwner : lookAtPort(port);
  const more = port === undefined ? [] : one.ports.map((each) => each.port).filter((number) => number !== port.port);
  const base = {
    name: plainName(owner, process, seen.homeFolder),
    look,
    what: `${shortCommand(process.argv)}${placeOf(process, seen)}${port === undefined ? '' : `, port ${port.port}`}`,
  };
  const also = [...new Set(more)];
  const why = [looked, ...(also.length === 0 ? [] : [`It also listens on ${also.slice(0, 5).join(', ')}.`])];
  if (owner === 'unknown')
    return { ...base, acts: 'never', why: [...why, 'Somebody seems to supervise it and could not be asked.'] };
  if (owner !== undefined) {
    const unit = unitText(owner);
    const trouble = notOurs(owner, seen.uid);
    const owned = `Supervised by ${nameOwner(owner)}.`;
    if (trouble !== undefined) return { ...base, acts: 'never', why: [...why, owned, trouble] };
    const named = unit === undefined ? base : { ...base, unit };
    const doubt = notPlainlyOwn(process, owner, port?.answer, seen);
    if (doubt !== undefined) return { ...named, acts: 'owner-asked', why: [...why, owned, doubt] };
    return { ...named, acts: 'owner', why: [...why, owned] };
  }
  return { ...base, ...unowned(process, seen, why) };
}

function unowned(process: SeenProcess, { uid }: Seen, why: readonly string[]) {
  const match = guessMatch(process);
  const guess = guessStart(process, uid);
  const known = match === undefined ? {} : { match };
  if ('why' in guess) return { ...known, acts: 'nobody', why: [...why, 'Nobody supervises it.', guess.why] } as const;
  return { ...known, start: guess.start, acts: 'start', why: [...why, 'Nobody supervises it.'] } as const;
}

function placeOf({ cwd }: SeenProcess, { homeFolder }: Seen): string {
  return cwd === undefined || cwd === '/' ? '' : ` in ${withTilde(cwd, homeFolder)}`;
}

const byOwner = {
  look: { kind: 'owner' },
  why: 'Its port is chosen anew at every start, so only its process is watched.',
} as const;

function lookAtPort({ address, port, answer }: SeenPort): { readonly look: Look; readonly why: string } {
  const host = address === '::1' ? '[::1]' : '127.0.0.1';
  const at = `http://${host}:${port}`;
  const tcp = { kind: 'tcp', address: `${host}:${port}` } as const;
  switch (answer.kind) {
    case 'healthy':
      return {
        look: { kind: 'http', url: `${at}${answer.path}`, status: '200-299' },
        why: `${answer.path} answers that it is well.`,
      };
    case 'page':
      return { look: { kind: 'http', url: `${at}/` }, why: `/ answers with status ${answer.status}.` };
    case 'failing':
      return { look: tcp, why: `/ answers with status ${answer.status}, so only its port is watched.` };
    case 'mute':
    case 'not-asked':
      return { look: tcp, why: 'It did not answer HTTP within a second, so its port is watched.' };
  }
}
