import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './root.ts';

/**
 * Makes a package that says what it was made from: `release/jarvis-health-VERSION-SHA7-TIME.tgz` and `release/SHA256SUMS`.
 * Refuses sources that are not committed, and a package without the parts that only a user would miss. `--dry-run` checks
 * and tells, and writes nothing.
 */

const NEEDED = [
  ...['bin/jarvis-health.js', 'bin/package.json', 'dist/cli.js', 'dist/status.cjs', 'dist/page.html'],
  ...['systemd/jarvis-health.service', 'systemd/jarvis-health.system.service', 'launchd/local.jarvis-health.plist'],
  ...['actions/playbooks/service-restart.yaml', 'config.schema.json', 'LICENSE', 'README.md', 'docs/operations.md'],
];

type Packed = {
  readonly filename: string;
  readonly version: string;
  readonly files: readonly { readonly path: string }[];
};

class Refused extends Error {}

function output(command: string, ...args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Refused(`${command} ${args.join(' ')} failed:\n${error?.message ?? stderr.trimEnd()}`);
  return stdout;
}

function assertCommitted(): void {
  const changed = output('git', 'status', '--porcelain').trimEnd();
  if (changed !== '')
    throw new Refused(`These are not committed, so nobody could tell what is in the package:\n${changed}`);
}

/** `20261121T065200Z`: sorts by itself and needs no quoting anywhere. */
function stamp(time: Date): string {
  return time.toISOString().replace(/[-:]|\.\d+/g, '');
}

function pack(into: string, ...more: readonly string[]): Packed {
  const args = ['pack', '--json', '--pack-destination', into, ...more];
  const [packed]: Packed[] = JSON.parse(output('npm', ...args).replace(/^[^[]*/, ''));
  if (packed === undefined) throw new Refused('npm pack made nothing.');
  return packed;
}

function assertWhole({ files }: Packed, needed: readonly string[]): void {
  const paths = files.map(({ path }) => path);
  const missing = needed.filter((path) => !paths.includes(path));
  if (missing.length > 0) throw new Refused(`The package lacks: ${missing.join(', ')}`);
}

/**
 * The same package without dependencies: the build has bundled them, as the lock file says, and `npm install` would fetch
 * them once more, with whatever they depend on today. Refuses one that does not run like this.
 */
function withoutDependencies({ filename }: Packed, into: string): Packed {
  const folder = mkdtempSync(join(tmpdir(), 'jh-release-'));
  try {
    output('tar', '-xzf', join(into, filename), '-C', folder);
    const inside = join(folder, 'package');
    const file = join(inside, 'package.json');
    const { dependencies: _, devDependencies: __, ...rest } = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, `${JSON.stringify(rest, undefined, 2)}\n`);
    const home = join(folder, 'home');
    output(process.execPath, join(inside, 'bin/jarvis-health.js'), '--home', home, 'config', 'show');
    return pack(into, '--ignore-scripts', inside);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** As `sha256sum` writes and checks it. */
function sums(folder: string): string {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.tgz'))
    .sort()
    .map(
      (name) =>
        `${createHash('sha256')
          .update(readFileSync(join(folder, name)))
          .digest('hex')}  ${name}\n`,
    )
    .join('');
}

function release(dryRun: boolean): string {
  assertCommitted();
  const sha = output('git', 'rev-parse', '--short=7', 'HEAD').trim();
  const folder = join(root, 'release');
  const nameOf = ({ version }: Packed): string => `jarvis-health-${version}-${sha}-${stamp(new Date())}.tgz`;
  if (dryRun) {
    const packed = pack(root, '--dry-run', '--ignore-scripts');
    // What the build makes is not there yet.
    assertWhole(
      packed,
      NEEDED.filter((path) => !path.startsWith('dist/')),
    );
    return `Would build, and write release/${nameOf(packed)} and release/SHA256SUMS.`;
  }
  mkdirSync(folder, { recursive: true });
  const packed = withoutDependencies(pack(folder), folder);
  assertWhole(packed, NEEDED);
  const name = nameOf(packed);
  renameSync(join(folder, packed.filename), join(folder, name));
  writeFileSync(join(folder, 'SHA256SUMS'), sums(folder));
  return `Made release/${name}\nCheck it: (cd release && sha256sum --check SHA256SUMS)\nInstall it: npm install --global ./release/${name}`;
}

try {
  if (!existsSync(join(root, '.git')))
    throw new Refused('This is no git checkout, so the package could not say what it is.');
  process.stdout.write(`${release(process.argv.includes('--dry-run'))}\n`);
} catch (error) {
  if (!(error instanceof Refused)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
