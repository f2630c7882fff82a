import { mkdir, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import * as v from 'valibot';
import type { Alert } from '../core/state.ts';
import { AlertSchema } from './alert-schema.ts';
import { readBounded, writeDurably } from './durable-file.ts';
import { wordsOf } from './errno.ts';
import { setAside } from './quarantine.ts';

/** What was found at the place of alert-pending.json. */
export type Seen =
  | { readonly is: 'as we left it' }
  | { readonly is: 'changed'; readonly alerts: readonly Alert[]; readonly notOurs: number }
  | { readonly is: 'damaged'; readonly text: string };

export type AlertFile = {
  look(nowMs: number): Promise<Seen>;
  write(alerts: readonly Alert[]): Promise<void>;
};

const MAX_BYTES = 8 * 1024 * 1024;
const FileSchema = v.object({ version: v.literal(1), alerts: v.array(v.unknown()) });

/** alert-pending.json: the boundary to the main agent. Others may rewrite, cut, move or remove it at any time. */
export function alertFile(path: string): AlertFile {
  let ours: string | undefined;

  async function look(nowMs: number): Promise<Seen> {
    if (ours !== undefined && ours === (await markOf(path))) return { is: 'as we left it' };
    try {
      const bytes = await readBounded(path, MAX_BYTES);
      if (bytes === undefined) return await missing();
      if (bytes.length === 0) return { is: 'damaged', text: `${basename(path)} was emptied` };
      const { alerts } = v.parse(FileSchema, JSON.parse(bytes.toString('utf8')));
      const known = alerts.map((alert) => v.safeParse(AlertSchema, alert)).filter((result) => result.success);
      return { is: 'changed', alerts: known.map(({ output }) => output), notOurs: alerts.length - known.length };
    } catch (error) {
      const aside = await setAside(path, wordsOf(error), nowMs);
      const fate = aside === undefined ? '' : ` and was set aside as ${basename(aside)}`;
      return { is: 'damaged', text: `${basename(path)} was damaged (${wordsOf(error)})${fate}` };
    }
  }

  /** Without its folder (a disk that is not mounted) a missing file says nothing of what was read. */
  async function missing(): Promise<Seen> {
    if ((await markOf(dirname(path))) !== undefined) return { is: 'changed', alerts: [], notOurs: 0 };
    return { is: 'damaged', text: `The folder of ${path} is missing` };
  }

  async function write(alerts: readonly Alert[]): Promise<void> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeDurably(path, `${JSON.stringify({ version: 1, alerts }, undefined, 2)}\n`);
    ours = await markOf(path);
  }

  return { look, write };
}

async function markOf(path: string): Promise<string | undefined> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found && `${found.ino} ${found.size} ${found.mtimeNs}`;
}
