import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { expect } from 'vitest';
import { verifyAudit } from '../../src/store/audit-verify.ts';
import { openHome } from '../../src/store/home.ts';
import { openStore } from '../../src/store/store.ts';
import { NOON } from './samples.ts';
import { bundled } from './scratch.ts';

/**
 * Kills a writer with SIGKILL again and again, each time after another number of acknowledgements, and holds what is
 * on disk against what was acknowledged.
 */
export async function crashRounds(folder: string, rounds: number): Promise<void> {
  const program = bundled('crash-writer', folder);
  const path = `${folder}/home`;
  const acknowledged = { state: 0, added: new Set<string>(), took: [] as string[], audit: new Set<string>() };

  for (let round = 0; round < rounds; round += 1) {
    const { lines, errors } = await runUntil(program, path, 2 + ((round * 7) % 29));
    expect(errors).toBe('');
    for (const [what, value = ''] of lines.map((line) => line.split(' '))) {
      if (what === 'opened') expect(['', 'AUDIT_DAMAGED']).toContain(value);
      if (what === 'state') acknowledged.state = Number(value);
      if (what === 'add') acknowledged.added.add(value);
      if (what === 'took') acknowledged.took.push(value);
      if (what === 'audit') acknowledged.audit.add(value);
    }
  }

  const home = openHome(path);
  const store = await openStore({ home, clockNow: () => NOON, reserveBytes: 4096 });
  expect(store.state.lastAttempt).toBeGreaterThanOrEqual(acknowledged.state);
  expect(store.state.lastAttempt).toBeLessThanOrEqual(acknowledged.state + 1);

  const all = (await store.alerts.all()).map(({ id }) => id);
  const pending = (await store.alerts.pending()).map(({ id }) => id);
  expect(new Set(all).size).toBe(all.length);
  expect(new Set(acknowledged.took).size).toBe(acknowledged.took.length);
  expect(pending.filter((id) => acknowledged.took.includes(id))).toEqual([]);
  // The list of taken ones is bounded, so the oldest may be gone from it; they were told.
  const known = new Set([...all, ...acknowledged.took]);
  const lost = [...acknowledged.added].filter((id) => !known.has(id));
  expect(lost.filter((id) => isRecent(id, store.state.lastAttempt))).toEqual([]);

  expect(await verifyAudit(home.paths.audit)).toMatchObject({ ok: true, firstSeq: 1 });
  const audit = readFileSync(home.paths.audit, 'utf8');
  expect([...acknowledged.audit].filter((text) => !audit.includes(`"text":"${text}"`))).toEqual([]);
}

const isRecent = (id: string, last: number) => Number(id.slice(1)) > last - 150;

/** Runs the writer until it has said `count` lines, then kills it. */
async function runUntil(program: string, home: string, count: number) {
  const child = spawn(process.execPath, [program, home], { stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[] = [];
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    if (lines.length === count) child.kill('SIGKILL');
  });
  await once(child, 'close');
  return { lines, errors };
}
