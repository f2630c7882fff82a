import { spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { root } from './root.ts';

/** What must hold before anything is merged, cheapest first. All of it runs, so that one run shows all trouble. */
const steps: readonly { readonly says: string; readonly argv: readonly string[] }[] = [
  { says: 'types', argv: ['npx', 'tsc', '-p', '.'] },
  { says: 'types of the page', argv: ['npx', 'tsc', '-p', 'dashboard'] },
  { says: 'lint and format', argv: ['npx', 'biome', 'check', '--error-on-warnings', '.'] },
  { says: 'nothing unused', argv: ['npx', 'knip'] },
  { says: 'generated files are current', argv: ['npm', 'run', '--silent', 'generate', '--', '--check'] },
  { says: 'build', argv: ['npm', 'run', '--silent', 'build'] },
  { says: 'tests', argv: ['npm', 'run', '--silent', 'test'] },
];

type Ended = { readonly ok: boolean; readonly output: string };

function run([command = '', ...args]: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', (error) => resolve({ ok: false, output: error.message }));
    child.on('close', (code) => resolve({ ok: code === 0, output: Buffer.concat(chunks).toString('utf8') }));
  });
}

const failed: string[] = [];
for (const { says, argv } of steps) {
  const beganAt = performance.now();
  const { ok, output } = await run(argv);
  const seconds = ((performance.now() - beganAt) / 1000).toFixed(1);
  process.stdout.write(`${ok ? 'ok    ' : 'FAILED'} ${says} (${seconds} s)\n`);
  if (!ok) {
    failed.push(says);
    process.stdout.write(`${output.trimEnd().replace(/^/gm, '       ')}\n`);
  } else if (says === 'tests') {
    process.stdout.write(`${output.trimEnd().split('\n').at(-1) ?? ''}\n`);
  }
}
process.stdout.write(failed.length === 0 ? 'all is well\n' : `not well: ${failed.join(', ')}\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
