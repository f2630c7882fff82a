import os from 'node:os';
import { initBench, onceBench, statusBench } from './commands.ts';
import { crashBench } from './crash.ts';
import { hangBenches } from './hang.ts';
import { httpCostBench } from './http-cost.ts';
import { idleCpuBench, residentBench } from './idle.ts';
import { lagBench } from './lag.ts';
import type { Bench } from './measure.ts';
import { pageDrawBench, pagePaintBench, pageUpdateBench } from './page.ts';
import { judgeBench, simulateBench } from './simulate.ts';
import { writesBench } from './writes.ts';

/**
 * `npm run bench [-- NAME…] [-- --json]`: measures what the project promises, beside something everybody knows, in one run.
 * Exit 1 when a budget is exceeded or a bench could not be finished; a missing peer is SKIPPED.
 */
const benches: readonly Bench[] = [
  statusBench,
  onceBench,
  initBench,
  residentBench,
  idleCpuBench,
  writesBench,
  httpCostBench,
  lagBench,
  crashBench,
  ...hangBenches,
  pagePaintBench,
  pageDrawBench,
  pageUpdateBench,
  judgeBench,
  simulateBench,
];

const wanted = process.argv.slice(2).filter((word) => !word.startsWith('-'));
const asJson = process.argv.includes('--json');
const unknown = wanted.filter((word) => !benches.some(({ name }) => name === word));
if (unknown.length > 0 || process.platform !== 'linux') {
  const known = [...new Set(benches.map(({ name }) => name))].join(' ');
  process.stderr.write(
    unknown.length > 0 ? `no bench ${unknown.join(', ')}; there are: ${known}\n` : 'reads /proc: needs Linux\n',
  );
  process.exit(64);
}

const three = (value: number): string => String(Number(value.toPrecision(3)));

type Row = { readonly name: string; readonly verdict: 'ok' | 'OVER' | 'SKIPPED' | 'BROKEN'; readonly line: string };

async function take({ name, says, budget, run }: Bench): Promise<Row & Record<string, unknown>> {
  try {
    const found = await run();
    if ('skipped' in found) return { name, verdict: 'SKIPPED', line: `${says}: ${found.skipped}` };
    const { ours, beside, unit, besideName, note } = found;
    const value = beside === undefined ? ours : ours / beside;
    const verdict = value <= budget ? 'ok' : 'OVER';
    const compared =
      beside === undefined
        ? `${three(ours)} ${unit}, budget ${budget} ${unit}`
        : `${three(ours)} ${unit}, ${besideName} ${three(beside)} ${unit}: ${three(value)} x, budget ${budget} x`;
    return {
      name,
      verdict,
      line: `${says}: ${compared} (${note})`,
      value,
      budget,
      ours,
      beside,
      unit,
      besideName,
      note,
    };
  } catch (error) {
    return { name, verdict: 'BROKEN', line: `${says}: ${error instanceof Error ? error.message : String(error)}` };
  }
}

if (!asJson) {
  const cpu = os.cpus()[0]?.model ?? 'unknown CPU';
  process.stdout.write(`Node ${process.version}, ${os.type()} ${os.release()}, ${os.cpus().length} x ${cpu}\n`);
}
const rows: (Row & Record<string, unknown>)[] = [];
for (const bench of benches.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  const row = await take(bench);
  rows.push(row);
  if (!asJson) process.stdout.write(`${row.verdict.padEnd(8)}${row.name.padEnd(10)}${row.line}\n`);
}
if (asJson)
  process.stdout.write(
    `${JSON.stringify(
      rows.map(({ line, ...row }) => row),
      null,
      2,
    )}\n`,
  );
process.exitCode = rows.some(({ verdict }) => verdict === 'OVER' || verdict === 'BROKEN') ? 1 : 0;
