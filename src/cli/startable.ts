import type { LoadedConfig } from '../config/load.ts';
import { expandHome } from '../config/paths.ts';
import type { Problem } from '../config/problems.ts';
import { cleanEnvironment } from '../host/environment.ts';
import { findProgram, isFolder } from '../host/find-program.ts';

/**
 * What the config says, and what of it stands in the way of starting a service on this host now; each a warning. `path` is
 * the PATH of the daemon, when it is not the one of this process.
 */
export function warningsOf(
  loaded: LoadedConfig,
  home: string,
  path: string = cleanEnvironment()['PATH'] ?? '',
): readonly Problem[] {
  const { services } = loaded.config;
  return [...loaded.warnings, ...Object.keys(services).flatMap((name) => notStartable(loaded, name, home, path))];
}

/** The folder may be made and the program installed later, so this is no mistake in the config. */
function notStartable(loaded: LoadedConfig, name: string, home: string, daemonPath: string): readonly Problem[] {
  const service = loaded.config.services[name];
  const word = service?.start?.[0];
  if (service === undefined || word === undefined || service.unit !== undefined) return [];
  const cwd = service.cwd === undefined ? home : expandHome(service.cwd, loaded.homeFolder);
  if (!isFolder(cwd)) return [about(loaded, name, 'cwd', `is ${cwd}, a folder that does not exist`)];
  const own = service.env?.['PATH'];
  const path = typeof own === 'string' ? own : daemonPath;
  const program = expandHome(word, loaded.homeFolder);
  if (findProgram(program, cwd, path) !== undefined) return [];
  const where = program.includes('/') ? (program.startsWith('/') ? '' : ` from ${cwd}`) : ' on PATH';
  return [about(loaded, name, 'start', `begins with ${program}, a program that is not found${where}`)];
}

function about(loaded: LoadedConfig, name: string, key: 'cwd' | 'start', message: string): Problem {
  const place = loaded.written(['services', name, key])?.place;
  const path = `services.${name}.${key}`;
  return { severity: 'warning', file: loaded.name, line: place?.line, column: place?.column, path, message };
}
