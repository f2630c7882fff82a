import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../scripts/root.ts';

const why = spawnSync('git', ['-C', root, 'rev-parse', 'HEAD']).status === 0 ? '' : ' (SKIPPED: no git checkout)';

type Ran = { readonly code: number | null; readonly out: string; readonly err: string };

describe.skipIf(why !== '')(`a release${why}`, () => {
  let folder = '';
  let clone = '';
  const run = (cwd: string, command: string, args: readonly string[], env = process.env): Ran => {
    const { status, stdout, stderr } = spawnSync(command, args, { cwd, env, encoding: 'utf8', timeout: 110_000 });
    return { code: status, out: stdout, err: stderr };
  };
  const release = (...args: readonly string[]): Ran =>
    run(clone, process.execPath, ['--import', './scripts/ts.mjs', 'scripts/release.ts', ...args]);

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'jh-release-'));
    clone = join(folder, 'clone');
    // What is committed, and nothing of what somebody has lying about.
    expect(run(folder, 'git', ['clone', '--quiet', '--no-hardlinks', root, clone]).err).toBe('');
    symlinkSync(realpathSync(join(root, 'node_modules')), join(clone, 'node_modules'));
    appendFileSync(join(clone, '.git/info/exclude'), '/node_modules\n');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is refused while something is not committed', () => {
    appendFileSync(join(clone, 'README.md'), '\n');
    const ran = release();
    run(clone, 'git', ['checkout', '--quiet', 'README.md']);
    expect(ran).toMatchObject({ code: 1, err: expect.stringContaining('README.md') });
  });

  it('with --dry-run tells and writes nothing', () => {
    const ran = release('--dry-run');
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(ran.out).toMatch(/release\/jarvis-health-\d+\.\d+\.\d+-[0-9a-f]{7}-\d{8}T\d{6}Z\.tgz/);
    expect(readdirSync(clone)).not.toContain('release');
  });

  it('is a package with a sum, that installs into a clean prefix and works there', { timeout: 240_000 }, () => {
    const made = release();
    expect(made, made.err).toMatchObject({ code: 0 });
    const out = join(clone, 'release');
    const [name = '', ...more] = readdirSync(out).filter((one) => one.endsWith('.tgz'));
    expect(more).toEqual([]);
    const sum = createHash('sha256')
      .update(readFileSync(join(out, name)))
      .digest('hex');
    expect(readFileSync(join(out, 'SHA256SUMS'), 'utf8')).toBe(`${sum}  ${name}\n`);

    const prefix = join(folder, 'prefix');
    const options = ['--prefix', prefix, '--prefer-offline', '--no-audit', '--no-fund', '--no-update-notifier'];
    const installed = run(folder, 'npm', ['install', '--global', ...options, join(out, name)]);
    expect(installed.code, installed.err).toBe(0);
    const env = { PATH: `${prefix}/bin:${process.env['PATH']}`, HOME: join(folder, 'home'), LANG: 'C.UTF-8' };
    const jh = (...args: readonly string[]): Ran => run(folder, join(prefix, 'bin/jarvis-health'), args, env);
    const { version } = JSON.parse(readFileSync(join(clone, 'package.json'), 'utf8'));
    expect(jh('--version')).toMatchObject({ code: 0, out: `${version}\n`, err: '' });
    expect(jh('--once', '--json').code).toBeLessThanOrEqual(3);
    // From the bundle it has to find the templates that lie beside it.
    const plan = jh('install', '--dry-run');
    expect(plan.out).toContain(join(prefix, 'bin/jarvis-health'));
    expect(jh('start').code).toBe(0);
    expect(jh('status').code).toBeLessThanOrEqual(2);
    expect(jh('stop').code).toBe(0);
  });
});
