// zod 4 or valibot: start-up, size and messages for the same config, bundled and minified as it ships.
// Run: node scripts/measure-schema-library/run.mjs [rounds]. Decision: docs/decisions/0001-schema-library.md.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const rounds = Number(process.argv[2] ?? 25);
const main = `
  const good = { disk: [{ path: '/' }], policy: { mode: 'act' }, services: { hub: { http: 'http://127.0.0.1/' } } };
  const bad = { disk: [{ path: '/', warning: 'x', criticall: '90%' }], policy: { mode: 'atc', maxAttemptsPerHour: '3' },
    services: { hub: { every: 30, http: { ulr: 'http://127.0.0.1/' } } } };
  problems(good);
  const said = problems(bad);
  const rssMb = process.memoryUsage.rss() / 1e6;
  const loops = process.argv[2] === 'loop' ? 5000 : 0;
  const from = process.hrtime.bigint();
  for (let n = 0; n < loops; n += 1) problems(good);
  console.log(JSON.stringify({ said, rssMb, parseUs: Number(process.hrtime.bigint() - from) / 1e3 / (loops || 1) }));`;

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

function run(file, ...args) {
  const from = process.hrtime.bigint();
  const { stdout } = spawnSync(process.execPath, [file, ...args], { encoding: 'utf8' });
  return { wallMs: Number(process.hrtime.bigint() - from) / 1e6, ...JSON.parse(stdout) };
}

const folder = mkdtempSync(join(tmpdir(), 'schema-library-'));
try {
  const cases = [];
  for (const name of ['nothing', 'valibot', 'zod']) {
    const first = name === 'nothing' ? 'const problems = () => [];' : `import { problems } from './${name}.mjs';`;
    const file = join(folder, `${name}.mjs`);
    await build({
      stdin: { contents: first + main, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
      outfile: file,
      bundle: true,
      minify: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
    });
    cases.push({ name, file, runs: [] });
  }
  // Interleaved, so that a slow moment of the machine hits all alike.
  for (let round = 0; round < rounds; round += 1) for (const each of cases) each.runs.push(run(each.file));

  const bare = median(cases[0].runs.map((each) => each.wallMs));
  console.log('library   bundle kB   wall ms   ratio   resident MB   µs a parse');
  for (const { name, file, runs } of cases) {
    const wallMs = median(runs.map((each) => each.wallMs));
    const cells = [
      (statSync(file).size / 1e3).toFixed(1).padStart(9),
      wallMs.toFixed(1).padStart(9),
      (wallMs / bare).toFixed(2).padStart(7),
      median(runs.map((each) => each.rssMb))
        .toFixed(1)
        .padStart(13),
      run(file, 'loop').parseUs.toFixed(1).padStart(12),
    ];
    console.log(name.padEnd(9), cells.join(' '));
  }
  for (const { name, runs } of cases) for (const line of runs[0].said) console.log(name.padEnd(9), line);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
