import { HOME_MARK, SERVICE_MARK } from './process-facts.ts';

/*
 * What a started program must not get from us: it speaks of our process, not of the user. systemd.exec(5) lists what
 * the service manager sets, sd_notify(3) and sd_listen_fds(3) the sockets, the npm documentation what `npm start` sets.
 */
const OURS = new Set([
  ...['NODE_OPTIONS', 'NODE_CHANNEL_FD', 'NODE_CHANNEL_SERIALIZATION_MODE', 'NODE_UNIQUE_ID', 'NODE_V8_COVERAGE'],
  ...['NOTIFY_SOCKET', 'WATCHDOG_PID', 'WATCHDOG_USEC', 'LISTEN_FDS', 'LISTEN_PID', 'LISTEN_FDNAMES', 'FDSTORE'],
  ...['INVOCATION_ID', 'JOURNAL_STREAM', 'LOG_NAMESPACE', 'MAINPID', 'MANAGERPID', 'SYSTEMD_EXEC_PID', 'PIDFILE'],
  ...['RUNTIME_DIRECTORY', 'STATE_DIRECTORY', 'CACHE_DIRECTORY', 'LOGS_DIRECTORY', 'CONFIGURATION_DIRECTORY'],
  ...['CREDENTIALS_DIRECTORY', 'MEMORY_PRESSURE_WATCH', 'MEMORY_PRESSURE_WRITE', 'XPC_SERVICE_NAME'],
  ...['INIT_CWD', 'OLDPWD', '_'],
]);

const OURS_BY_PREFIX = ['npm_', 'JARVIS_HEALTH_'];

export type Environment = Readonly<Record<string, string>>;

/** The environment for a program that we start: the user's, without what speaks of the daemon itself. */
export function cleanEnvironment(from: NodeJS.ProcessEnv = process.env): Environment {
  const clean: Record<string, string> = {};
  for (const [name, value] of Object.entries(from)) {
    if (value === undefined || OURS.has(name) || OURS_BY_PREFIX.some((prefix) => name.startsWith(prefix))) continue;
    clean[name] = value;
  }
  // `npm start` puts the bin folders of our own dependencies first on PATH.
  const viaNpm = from['npm_lifecycle_event'] !== undefined && clean['PATH'] !== undefined;
  return viaNpm ? { ...clean, PATH: withoutNpmFolders(clean['PATH'] ?? '') } : clean;
}

function withoutNpmFolders(path: string): string {
  const isNpms = (folder: string) => folder.endsWith('/node_modules/.bin') || folder.endsWith('/node-gyp-bin');
  return path
    .split(':')
    .filter((folder) => !isNpms(folder))
    .join(':');
}

/** The environment of a service: clean, then what its config says, then our marks, by which it and its children are known. */
export function serviceEnvironment(service: {
  readonly name: string;
  readonly home: string;
  readonly cwd: string;
  readonly env: Environment;
}): Environment {
  return {
    ...cleanEnvironment(),
    PWD: service.cwd,
    ...service.env,
    [SERVICE_MARK]: service.name,
    [HOME_MARK]: service.home,
  };
}
