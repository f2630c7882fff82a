import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { actions } from '../../actions/index.ts';
import { SHIPPED } from '../../src/config/playbook-names.ts';
import { writeProblem } from '../../src/config/problems.ts';
import { type Library, sayRefusal, stockLibrary, tellRefusal } from '../../src/playbooks/library.ts';
import { readOwn, stampOfOwn } from '../../src/playbooks/own.ts';
import { readShipped } from '../../src/playbooks/shipped.ts';
import { watchOwn } from '../../src/playbooks/watch.ts';

const shipped = await readShipped({ actions });

function newHome(): { readonly home: string; readonly write: (name: string, text: string) => string } {
  const home = mkdtempSync(join(tmpdir(), 'jh-playbooks-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const write = (name: string, text: string): string => {
    mkdirSync(join(home, 'playbooks'), { recursive: true });
    writeFileSync(join(home, 'playbooks', name), text, { mode: 0o600 });
    return join(home, 'playbooks', name);
  };
  return { home, write };
}

const text = (name: string, summary = 'Mends it.') =>
  `name: ${name}\nsummary: ${summary}\nfor: service\nsteps:\n  - action: restart-service\n`;

async function stock(home: string, before?: Library): Promise<Library> {
  return stockLibrary(shipped, await readOwn({ home, homeFolder: '/home/ada', actions }), before);
}

const refusals = (library: Library) => library.refused.map(tellRefusal);

describe('the shipped playbooks', () => {
  it('are those that the config knows by name and kind', () => {
    expect(Object.fromEntries(shipped.map((one) => [one.name, one.for]))).toEqual(SHIPPED);
    expect(shipped.every(({ origin }) => origin === 'shipped')).toBe(true);
  });
});

describe('your own playbooks', () => {
  it('join the shipped ones, and one of the same name takes the place of a shipped one, which is said', async () => {
    const { home, write } = newHome();
    write('mine.yaml', text('mine'));
    write('service-restart.yaml', text('service-restart', 'Mine.'));
    write('.hidden.yaml', '');
    write('notes.txt', 'no playbook');
    const library = await stock(home);
    expect(library.named('mine')).toMatchObject({ origin: 'own', file: 'playbooks/mine.yaml' });
    expect(library.named('service-restart')?.summary).toBe('Mine.');
    expect(library.all.filter(({ shadowed }) => shadowed).map(({ definition }) => definition.name)).toEqual([
      'service-restart',
    ]);
    expect(library.refused).toEqual([]);
    expect(library.warnings.map(writeProblem)).toEqual([
      'playbooks/service-restart.yaml takes the place of the shipped playbook service-restart',
    ]);
  });

  it('stay as they last were good when they go wrong, and go when their file goes', async () => {
    const { home, write } = newHome();
    const file = write('mine.yaml', text('mine', 'First.'));
    const first = await stock(home);
    write('mine.yaml', 'name: mine\nsummary: Second.\nfor: hub\nsteps: []\n');
    const second = await stock(home, first);
    expect(second.named('mine')?.summary).toBe('First.');
    expect(second.refused.map(sayRefusal)).toEqual([
      'playbooks/mine.yaml is refused (line 3); the last good one is in force',
    ]);
    const third = await stock(home, second);
    expect(third.named('mine')?.summary).toBe('First.');
    expect((await stock(home)).refused.map(sayRefusal)).toEqual([
      'playbooks/mine.yaml is refused (line 3); it is not used',
    ]);
    unlinkSync(file);
    expect((await stock(home, third)).named('mine')).toBeUndefined();
  });

  it('that are wrong never take a shipped one away', async () => {
    const { home, write } = newHome();
    write('service-restart.yaml', 'nonsense');
    expect((await stock(home)).named('service-restart')?.origin).toBe('shipped');
  });

  it('are small, few, and named so that they can be typed', async () => {
    const { home, write } = newHome();
    write('big.yaml', `${text('big')}${'#'.repeat(70_000)}`);
    write('short.yml', text('short'));
    write('Not This.yaml', text('x'));
    expect(refusals(await stock(home))).toEqual([
      'playbooks/Not This.yaml is not read; its name may hold small letters, digits and hyphens; it is not used',
      'playbooks/big.yaml is larger than 64 KiB; it is not used',
      'playbooks/short.yml is not read; let its name end in .yaml; it is not used',
    ]);
    for (let n = 10; n < 70; n += 1) write(`many-${n}.yaml`, text(`many-${n}`));
    const crowded = await stock(home);
    expect(crowded.warnings.map(writeProblem)).toEqual(['playbooks has 13 files too many, at most 50 are read']);
    expect(crowded.named('many-69')).toBeUndefined();
  });

  it('may be links to files of yours that nobody else can change', async () => {
    const { home, write } = newHome();
    const elsewhere = newHome();
    write('x.yaml', text('x'));
    const target = elsewhere.write('linked.yaml', text('linked'));
    symlinkSync(target, join(home, 'playbooks', 'linked.yaml'));
    symlinkSync(join(home, 'nowhere'), join(home, 'playbooks', 'gone.yaml'));
    symlinkSync(elsewhere.home, join(home, 'playbooks', 'folder.yaml'));
    const library = await stock(home);
    expect(library.named('linked')?.origin).toBe('own');
    expect(refusals(library)).toEqual([
      'playbooks/folder.yaml is a folder; it is not used',
      'playbooks/gone.yaml does not exist; it is not used',
    ]);
    chmodSync(target, 0o666);
    expect(refusals(await stock(home)).join()).toContain(
      'playbooks/linked.yaml is not read; it is a link to a file that other users can change',
    );
  });

  it('are not passed over in silence when their folder cannot be read', async () => {
    const { home } = newHome();
    expect((await stock(home)).warnings).toEqual([]);
    writeFileSync(join(home, 'playbooks'), '');
    expect((await stock(home)).warnings.map(writeProblem)).toEqual(['playbooks is no folder']);
  });

  it('warn where others can change them in their own folder', async () => {
    const { home, write } = newHome();
    chmodSync(write('mine.yaml', text('mine')), 0o666);
    const library = await stock(home);
    expect(library.named('mine')).toBeDefined();
    expect(library.warnings.map(writeProblem)).toEqual([
      'playbooks/mine.yaml can be changed by other users, and it says what is run; run chmod go-w on it',
    ]);
  });

  it('are read anew when one is written, added or taken away, also in a folder that was not there', async () => {
    const { home, write } = newHome();
    const stop = new AbortController();
    onTestFinished(() => stop.abort());
    let changes = 0;
    watchOwn(home, () => (changes += 1), {
      signal: stop.signal,
      since: stampOfOwn(home),
      settleMs: 20,
      pollEveryMs: 50,
    });
    const until = (n: number) => vi.waitFor(() => expect(changes).toBe(n), { timeout: 8_000, interval: 10 });
    const file = write('mine.yaml', text('mine'));
    await until(1);
    write('mine.yaml', text('mine', 'Other.'));
    await until(2);
    unlinkSync(file);
    await until(3);
  });
});
