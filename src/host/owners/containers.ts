import type { Owner, OwnerSight } from '../../core/owner.ts';
import { execOutside } from '../exec-outside.ts';
import type { ExecOutcome } from '../hands.ts';
import { cgroupOf } from './cgroup.ts';
import { field, isObject, numberOf, textOf } from './json-fields.ts';

type ContainerOwner = Extract<Owner, { kind: 'container' }>;

/** What an engine says of a container, and who it is. */
export type ContainerSight = OwnerSight & { readonly id: string; readonly name: string };

/**
 * Asked outside of our sandbox: Podman without root enters a namespace of its own even for a question, by programs that
 * may change their user (newuidmap(1)), and ours are allowed neither.
 */
export async function askEngine(owner: ContainerOwner, timeoutMs: number): Promise<ContainerSight | ExecOutcome> {
  const argv = [owner.engine, 'inspect', '--type', 'container', owner.name];
  const answer = await execOutside(argv, { timeoutMs, maxBytes: 1_024 * 1_024 });
  if (!answer.ok && /no such (container|object)|no container with name/i.test(answer.stderr)) return missing(owner);
  if (!answer.ok) return answer;
  return readContainer(answer.stdout, owner) ?? { ...answer, ok: false };
}

function missing({ id = '', name }: ContainerOwner): ContainerSight {
  // Containers do not go by themselves: somebody has removed it, or is about to make it anew.
  return { ...nothing, state: 'missing', stoppedByPerson: true, id, name, says: `container ${name} does not exist` };
}

const nothing = {
  mainPid: undefined,
  restartsItself: false,
  actsWithinMs: undefined,
  stoppedByPerson: false,
  startLimitHit: false,
  exitCode: undefined,
  signal: undefined,
  startTimeoutMs: undefined,
  stopTimeoutMs: undefined,
};

/**
 * INT, KILL, TERM and a good end. Most programs that are pid 1 of a container do not heed TERM, so that a stop is a KILL
 * after its grace.
 */
const ENDED_AS_TOLD: readonly number[] = [0, 130, 137, 143];

/** What `docker inspect` and `podman inspect` print; `undefined` when that is something else. */
export function readContainer(json: string, owner: ContainerOwner): ContainerSight | undefined {
  const [container] = parsedList(json);
  const state = field(container, 'State');
  if (!isObject(state)) return undefined;
  const word = textOf(field(state, 'Status')) ?? '';
  const policy = textOf(field(field(container, 'HostConfig'), 'RestartPolicy', 'Name')) ?? '';
  const exitCode = numberOf(field(state, 'ExitCode'));
  const trouble = textOf(field(state, 'Error')) ?? '';
  const wasOutOfMemory = field(state, 'OOMKilled') === true;
  const always = policy === 'always' || policy === 'unless-stopped';
  const id = textOf(field(container, 'Id')) ?? owner.id ?? '';
  const name = (textOf(field(container, 'Name')) ?? owner.name).replace(/^\//, '');
  const isOver = word === 'exited' || word === 'stopped';
  const retries = numberOf(field(field(container, 'HostConfig'), 'RestartPolicy', 'MaximumRetryCount')) ?? 0;
  const restarts = numberOf(field(container, 'RestartCount')) ?? 0;
  const startLimitHit = isOver && policy === 'on-failure' && exitCode !== 0 && retries > 0 && restarts >= retries;
  // An engine restarts what has such a policy, whatever its status: what it leaves alone, somebody has stopped.
  const isLeft = always || (policy === 'on-failure' && !startLimitHit);
  const wanted = isOver && trouble === '' && !wasOutOfMemory && (isLeft || ENDED_AS_TOLD.includes(exitCode ?? -1));
  const stoppedByPerson = wanted || ['paused', 'created', 'configured', 'initialized'].includes(word);
  const sight = stateOf(word, stoppedByPerson);
  const stopTimeoutS = numberOf(field(field(container, 'Config'), 'StopTimeout')) ?? 10;
  return {
    ...nothing,
    state: sight,
    mainPid: word === 'running' ? visiblePid(numberOf(field(state, 'Pid')), id) : undefined,
    restartsItself: always || policy === 'on-failure',
    stoppedByPerson,
    startLimitHit,
    exitCode: isOver || word === 'dead' || word === 'restarting' ? exitCode : undefined,
    ...(wasOutOfMemory && word !== 'running' ? { outOfMemory: true } : {}),
    stopTimeoutMs: stopTimeoutS * 1_000,
    says: `container ${name} ${wordsOf(word, { exitCode, wasOutOfMemory, stoppedByPerson, isLeft, trouble })}`,
    id,
    name,
  };
}

/** Engines on macOS, and remote ones, tell the number a process has on another machine. */
function visiblePid(pid: number | undefined, id: string): number | undefined {
  if (pid === undefined || pid <= 1) return undefined;
  const place = cgroupOf(pid);
  return place?.kind === 'container' && place.id === id ? pid : undefined;
}

function stateOf(word: string, stoppedByPerson: boolean): OwnerSight['state'] {
  switch (word) {
    case 'running':
      return 'running';
    case 'restarting':
      return 'restarting';
    case 'removing':
    case 'stopping':
      return 'stopping';
    default:
      return stoppedByPerson ? 'stopped' : 'failed';
  }
}

function wordsOf(
  word: string,
  seen: {
    readonly exitCode: number | undefined;
    readonly wasOutOfMemory: boolean;
    readonly stoppedByPerson: boolean;
    readonly isLeft: boolean;
    readonly trouble: string;
  },
): string {
  if (seen.wasOutOfMemory && word !== 'running') return 'was killed because memory ran out';
  switch (word) {
    case 'running':
      return 'is running';
    case 'paused':
      return 'is paused';
    case 'restarting':
      return `ended with status ${seen.exitCode ?? '?'} and is restarted by its engine`;
    case 'created':
    case 'configured':
    case 'initialized':
      return 'was not started';
    case 'exited':
    case 'stopped':
      if (seen.stoppedByPerson) return stopWords(seen);
      return `ended with status ${seen.exitCode ?? '?'}${seen.trouble === '' ? '' : `: ${seen.trouble}`}`;
    default:
      return `is ${word === '' ? 'in a state unknown to this program' : word}`;
  }
}

function stopWords({ exitCode, isLeft }: { readonly exitCode: number | undefined; readonly isLeft: boolean }): string {
  if (exitCode === 0) return 'was stopped by a person, or had done its work';
  return !isLeft && exitCode === 137 ? 'was killed, probably because a person stopped it' : 'was stopped by a person';
}

function parsedList(json: string): readonly unknown[] {
  try {
    const parsed: unknown = JSON.parse(json);
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    return [];
  }
}
