import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { run } from './run.ts';

let person: string;
let home: string;

beforeEach(() => {
  person = mkdtempSync(join(tmpdir(), 'jh-init-'));
  home = join(person, 'jarvis-health');
  vi.stubEnv('HOME', person);
  vi.stubEnv('LANG', 'C.UTF-8');
  vi.stubEnv('LC_ALL', '');
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(person, { recursive: true, force: true });
});

const init = (...args: readonly string[]) => run('--home', home, 'init', ...args);
const config = () => join(home, 'config.yaml');

describe('init', () => {
  it('with --dry-run shows the file within 80 columns of words, and makes nothing', async () => {
    const { code, out } = await init('--dry-run');
    expect(code).toBe(0);
    const [words = '', file = ''] = out.split('# yaml-language-server');
    expect(file).toContain('memory: { warning: 80%, critical: 90% }');
    for (const line of words.split('\n')) if (!line.startsWith('#')) expect(line.length).toBeLessThanOrEqual(80);
    expect(existsSync(home)).toBe(false);
  });

  it('where nobody sits writes nothing and says what to type', async () => {
    const { code, out, err } = await init();
    expect(code).toBe(64);
    expect(out).toContain('Watched besides');
    expect(err).toMatch(/^USAGE Nobody sits here.*\nnext: .*init --yes/);
    expect(existsSync(home)).toBe(false);
  });

  it('with --yes writes a config that the loader takes, for its owner only, and says what it acts on', async () => {
    const { code, out, err } = await init('--yes');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain(`Written: ${config()}`);
    expect(out).toMatch(/It will (act on nothing|bring back)/);
    expect(out).toMatch(/ start {4}watch from now on/);
    expect(statSync(config()).mode & 0o777).toBe(0o600);
    expect(await run('--home', home, 'config', 'check')).toMatchObject({
      code: 0,
      err: '',
      out: `${config()} is right.\n`,
    });
  });

  it('keeps to what a person wrote unless it is forced, and then keeps the old one', async () => {
    await init('--yes');
    writeFileSync(config(), 'memory: off\n');
    expect(await init('--yes')).toMatchObject({
      code: 73,
      out: '',
      err: expect.stringMatching(/^CONFIG_EXISTS .*\nnext: .*--force/),
    });
    expect((await init('--dry-run')).code).toBe(0);
    expect(readFileSync(config(), 'utf8')).toBe('memory: off\n');
    const { code, out } = await init('--yes', '--force');
    expect(code).toBe(0);
    const kept = readdirSync(home).find((name) => name.endsWith('.bak')) ?? '';
    expect(readFileSync(join(home, kept), 'utf8')).toBe('memory: off\n');
    expect(out.replaceAll('\n', ' ')).toContain(kept);
  });

  it('with --json is one document', async () => {
    const { code, out } = await init('--dry-run', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ written: false, file: config(), proposal: { disks: expect.any(Array) } });
    expect(JSON.parse((await init('--yes', '--json')).out)).toMatchObject({ written: true });
  });
});
