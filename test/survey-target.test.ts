import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Plan } from '../src/core/plan.ts';
import { surveyTarget } from '../src/survey-target.ts';
import { inFolder, servicePlan } from './helpers/plans.ts';

const known = { tracked: undefined, owner: undefined };
const fails = async (): Promise<never> => {
  throw new Error('ps: fork failed');
};

it('holds what cannot be surveyed, for there may be work or a restart that is not seen', async () => {
  const plan = inFolder(servicePlan({ web: {} }), '/srv/web');
  const { found } = await surveyTarget(plan, 'web', known, { surveyWork: fails, surveyOwner: fails });
  expect(found).toEqual([
    { kind: 'work', text: 'It cannot be seen what its owner is about to do: ps: fork failed.' },
    { kind: 'work', text: 'It cannot be seen whether somebody works on it: ps: fork failed.' },
  ]);
});

it('finds nothing where nothing is', async () => {
  const doors = { surveyWork: async () => [], surveyOwner: async () => ({ holds: [] }) };
  expect(await surveyTarget(servicePlan({ web: {} }), 'web', known, doors)).toEqual({ found: [] });
});

it('surveys the source of a gateway that runs from it', async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'jh-survey-')));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const source = join(folder, 'openclaw');
  mkdirSync(join(source, '.git'), { recursive: true });
  writeFileSync(join(source, 'openclaw.mjs'), '');
  const argv = ['node', join(source, 'openclaw.mjs'), 'gateway'];
  const gateway = { brand: 'openclaw', stateFolder: source, configFile: '/x', lockFolders: [], port: 1 };
  const plan = servicePlan({ web: {} });
  const { web } = plan.targets;
  if (web === undefined) throw new Error('no web');
  const asked: unknown[] = [];
  const surveyWork = async (service: object) => {
    asked.push(service);
    return [];
  };
  const targets = { web: { ...web, options: { gateway, argv, env: { HOME: source, PATH: source } } } };
  await surveyTarget({ ...plan, targets }, 'web', known, { surveyWork, surveyOwner: async () => ({ holds: [] }) });
  expect(asked).toEqual([{ folder: source, name: 'openclaw' }]);
});

describe('how it ended', () => {
  const doors = { surveyWork: async () => [], surveyOwner: async () => ({ holds: [] }) };
  const gone = {
    pid: 2 ** 30,
    startToken: '1',
    command: 'web',
    cwd: '/srv',
    hadTerminal: false,
    proven: true,
    ownGroup: undefined,
  };
  const withOptions = (options: object): Plan => {
    const plan = servicePlan({ web: {} });
    const { web } = plan.targets;
    if (web === undefined) throw new Error('no web');
    return { ...plan, targets: { web: { ...web, options } } };
  };

  function logWith(text: string): string {
    const folder = mkdtempSync(join(tmpdir(), 'jh-survey-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, 'web.log'), text);
    return join(folder, 'web.log');
  }

  it('is in the log of what an earlier daemon started, behind where it stood when that was alive', async () => {
    const logFile = logWith('old words\nlast words\n');
    const ask = (known: object) =>
      surveyTarget(withOptions({ logFile }), 'web', { tracked: gone, owner: undefined, ...known }, doors);
    expect(await ask({ logBytes: 'old words\n'.length })).toEqual({
      found: [],
      ended: { exitCode: undefined, signal: undefined, lastLines: ['last words'] },
    });
    // Nobody knows where the words of this end begin; it said nothing; it lives; its owner keeps its words.
    expect(await ask({})).toEqual({ found: [] });
    expect(await ask({ logBytes: 10_000 })).toEqual({ found: [] });
    expect(await ask({ logBytes: 0, tracked: undefined })).toEqual({ found: [] });
    const owner = { kind: 'systemd', scope: 'user', unit: 'web.service' } as const;
    expect(await ask({ logBytes: 0, owner })).toEqual({ found: [] });
  });

  it('may be for want of room on its disk, which is asked', async () => {
    const ask = (cwd: string) => surveyTarget(withOptions({ cwd }), 'web', known, doors);
    expect(await ask(tmpdir())).toEqual({ found: [] });
    expect(await ask('/no/such/folder')).toEqual({ found: [] });
  });
});
