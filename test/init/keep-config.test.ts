import { lstatSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { agree } from '../../src/init/agree.ts';
import { keepConfig } from '../../src/init/keep-config.ts';
import { propose } from '../../src/init/propose.ts';
import { homeWith } from '../config/homes.ts';
import { port, seen, service, userUnit } from './samples.ts';

const NOW = Date.UTC(2026, 10, 21, 7, 15, 2);

describe('a config in its place', () => {
  it('is for its owner only', async () => {
    const file = join(homeWith(undefined), 'config.yaml');
    expect(await keepConfig(file, 'new\n', NOW)).toBeUndefined();
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('leaves the old one beside it', async () => {
    const home = homeWith('old\n');
    const kept = await keepConfig(join(home, 'config.yaml'), 'new\n', NOW);
    expect(kept).toMatch(/config\.yaml\.2026-11-21T07-15-02\.bak$/);
    expect(readFileSync(kept ?? '', 'utf8')).toBe('old\n');
    expect(readFileSync(join(home, 'config.yaml'), 'utf8')).toBe('new\n');
    expect(readdirSync(home)).toHaveLength(2);
  });

  it('lets a link lead where it led', async () => {
    const home = homeWith(undefined);
    writeFileSync(join(home, 'dotfile.yaml'), 'old\n');
    symlinkSync(join(home, 'dotfile.yaml'), join(home, 'config.yaml'));
    await keepConfig(join(home, 'config.yaml'), 'new\n', NOW);
    expect(lstatSync(join(home, 'config.yaml')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(home, 'dotfile.yaml'), 'utf8')).toBe('new\n');
  });

  it('that cannot be written says so', async () => {
    const file = join(homeWith(undefined), 'nowhere/config.yaml');
    await expect(keepConfig(file, 'new\n', NOW)).rejects.toMatchObject({ code: 'SAVE_FAILED' });
  });
});

describe('a person', () => {
  const logs = [{ folder: '/home/ada/logs', ending: '.log', files: 1, bytes: 1 }];
  const proposal = propose(seen([service(), service({ owner: userUnit, ports: [port(8080)] })], { logs }));

  async function asked(answers: readonly boolean[], about = proposal) {
    const questions: string[] = [];
    const agreed = await agree(about, async (question) => {
      questions.push(question);
      return answers[questions.length - 1] ?? false;
    });
    return { questions, agreed };
  }

  it('is asked once for every decision, and answered for itself', async () => {
    const { questions, agreed } = await asked([true, false, true]);
    expect(questions).toEqual([
      'Restart hub (hub.service) through who supervises it when down?',
      'Start fitness-tracker with `python3 app.py` when down?',
      'Rotate logs over 100 MB in the folders above?',
    ]);
    expect(agreed).toEqual({ owners: true, starts: new Set(), logs: true });
    expect((await asked([false, true, false])).agreed.starts).toEqual(new Set(['fitness-tracker']));
  });

  it('is asked nothing where there is nothing to decide', async () => {
    expect(await asked([], propose(seen()))).toEqual({
      questions: [],
      agreed: { owners: false, starts: new Set(), logs: false },
    });
  });
});
