import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type ConfigReading, type LoadedConfig, readConfig } from '../../src/config/load.ts';
import { writeProblem } from '../../src/config/problems.ts';

/** A new home folder with this config in it; gone after the test. */
export function homeWith(config: string | Uint8Array | undefined): string {
  const home = mkdtempSync(join(tmpdir(), 'jarvis-health-config-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  if (config !== undefined) writeFileSync(join(home, 'config.yaml'), config, { mode: 0o600 });
  return home;
}

type Environment = Readonly<Record<string, string>>;

export async function reading(config: string | Uint8Array | undefined, env: Environment = {}): Promise<ConfigReading> {
  return readConfig({ home: homeWith(config), env: { HOME: '/home/ada', ...env } });
}

/** The config, which must be right. */
export async function loaded(config: string | undefined, env: Environment = {}): Promise<LoadedConfig> {
  const read = await reading(config, env);
  if (!read.ok) throw new Error(read.problems.map(writeProblem).join('\n'));
  return read.loaded;
}

/** Everything that is wrong with it, as a person reads it. */
export async function problems(config: string | Uint8Array, env: Environment = {}): Promise<readonly string[]> {
  const read = await reading(config, env);
  return read.ok ? [] : read.problems.map(writeProblem);
}

export async function warnings(config: string | undefined, env: Environment = {}): Promise<readonly string[]> {
  return (await loaded(config, env)).warnings.map(writeProblem);
}
