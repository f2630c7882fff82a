import type { Trouble } from '../core/types.ts';
import { serviceEnvironment } from './environment.ts';
import { findProgram, isFolder } from './find-program.ts';
import type { StartOutcome } from './hands.ts';
import { startDetached } from './start-detached.ts';
import { startInManager } from './start-in-manager.ts';
import { notStarted, type PreparedStart, type Service, type StartSettings, trouble } from './start-outcome.ts';
import { findSystemd } from './user-manager.ts';

/**
 * Starts a service so that it outlives us (DESIGN §5.5): as a transient unit where a systemd of ours
 * runs, else in a session of its own. What it prints is appended to its log file.
 */
export async function startService(service: Service, settings: StartSettings): Promise<StartOutcome> {
  const prepared = prepare(service, settings.home);
  if ('code' in prepared) return notStarted(prepared);
  const systemd = await findSystemd();
  return systemd === undefined
    ? await startDetached(prepared, settings)
    : await startInManager(prepared, systemd, settings);
}

/** Finds what is wrong with a start command before anything is started; with shell or systemd between, nobody could tell it apart later. */
function prepare(service: Service, home: string): PreparedStart | Trouble {
  const [word, ...rest] = service.argv;
  const cwd = service.cwd ?? home;
  const env = serviceEnvironment({ name: service.name, home, cwd, env: service.env });
  if (word === undefined || word === '')
    return trouble('START_NOT_FOUND', 'The start command is empty.', 'Set `start`.');
  if (!isFolder(cwd)) {
    return trouble(
      'START_NO_FOLDER',
      `The folder ${cwd} does not exist.`,
      `Create the folder, or correct \`cwd\` of ${service.name}.`,
    );
  }
  const path = env['PATH'] ?? '';
  const program = findProgram(word, cwd, path);
  if (program === undefined) {
    const where = word.includes('/') ? `from the folder ${cwd}` : `on PATH (${path})`;
    const hint = `Install it, or give its whole path in \`start\` of ${service.name}; it must be executable.`;
    return trouble('START_NOT_FOUND', `${word} was not found ${where}.`, hint);
  }
  return { ...service, argv: [word, ...rest], program, cwd, env };
}
