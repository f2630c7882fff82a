import { basename } from 'node:path';

/*
 * Which command lines are work on a project (build, install, update), during which its service must be left alone, and
 * which are the service itself: `npm start` is no work.
 */

/** Nothing but work, whatever the arguments. */
const ALWAYS = new Set([
  ...[
    'pip',
    'pip3',
    'conda',
    'mamba',
    'composer',
    'gem',
    'cmake',
    'ninja',
    'node-gyp',
    'apt',
    'apt-get',
    'dpkg',
    'brew',
  ],
  ...['gcc', 'g++', 'cc', 'c++', 'cc1', 'cc1plus', 'clang', 'clang++', 'ld', 'rustc', 'javac', 'npm-check-updates'],
]);

/** Work only with one of these as their first argument. */
const BY_ARGUMENT: Readonly<Record<string, readonly string[]>> = {
  npm: [
    'install',
    'i',
    'ci',
    'add',
    'update',
    'upgrade',
    'rebuild',
    'uninstall',
    'prune',
    'dedupe',
    'link',
    'test',
    'audit',
  ],
  pnpm: ['install', 'i', 'add', 'update', 'up', 'rebuild', 'remove', 'prune', 'fetch', 'deploy', 'test'],
  yarn: ['install', 'add', 'up', 'upgrade', 'remove', 'rebuild', 'workspaces', 'test'],
  bun: ['install', 'i', 'add', 'update', 'remove', 'test', 'build'],
  uv: ['sync', 'pip', 'add', 'remove', 'lock', 'venv', 'build', 'tool'],
  poetry: ['install', 'add', 'update', 'remove', 'lock', 'sync', 'build'],
  pipenv: ['install', 'update', 'sync', 'lock', 'uninstall'],
  bundle: ['install', 'update', 'add', 'clean', 'package'],
  cargo: ['build', 'b', 'install', 'update', 'test', 't', 'check', 'c', 'clippy', 'fetch', 'add', 'clean', 'bench'],
  go: ['build', 'install', 'get', 'mod', 'test', 'generate', 'vet', 'clean'],
  dotnet: ['build', 'restore', 'publish', 'test', 'clean', 'add'],
  mix: ['deps.get', 'deps.compile', 'deps.update', 'compile', 'release', 'test', 'ecto.migrate'],
  vite: ['build'],
  next: ['build'],
  webpack: ['build', 'b', 'bundle'],
  git: [
    ...['pull', 'checkout', 'switch', 'rebase', 'merge', 'clone', 'reset', 'restore', 'stash', 'cherry-pick', 'revert'],
    ...['am', 'apply', 'bisect', 'submodule', 'fetch', 'clean', 'worktree'],
  ],
};

/** Programs that run what somebody named: by the name it is told apart. */
const MAKERS = new Set(['make', 'gmake', 'gradle', 'gradlew', 'mvn', 'mvnw', 'just', 'rake', 'tox', 'nox']);
const SERVES = /^(run|serve|server|start|dev|up|watch|preview|boot-?run|spring-boot:run|quarkus:dev)\b/i;

const SCRIPT_RUNNERS = new Set(['npm', 'pnpm', 'yarn', 'bun']);
const WORK_SCRIPT =
  /^(pre|post)?(build|compile|install|ci|test|lint|check|migrate|deploy|release|generate|bundle|update|upgrade|setup)\b/i;

const INTERPRETERS = /^(node|nodejs|bun|deno|python[\d.]*|ruby|perl|php|sh|bash|dash|zsh|env|nice|sudo|time|corepack)$/;

/** The short name of the work that this command line is, for example `npm ci`, or `undefined`. */
export function workOf(argv: readonly string[]): string | undefined {
  const [program, ...rest] = programOf(argv);
  if (program === undefined) return undefined;
  const words = rest.filter((word) => !word.startsWith('-'));
  const first = words[0];
  const named = first === undefined ? program : `${program} ${first}`;
  if (ALWAYS.has(program)) return program.startsWith('pip') || program === 'gem' ? named : program;
  if (program === 'tsc') return rest.includes('-w') || rest.includes('--watch') ? undefined : program;
  if (program === 'yarn' && first === undefined) return 'yarn';
  if (MAKERS.has(program)) return words.some((word) => SERVES.test(word)) ? undefined : named;
  if (first === undefined) return undefined;
  if (BY_ARGUMENT[program]?.includes(first) === true) return named;
  return SCRIPT_RUNNERS.has(program) ? scriptOf(program, first, words[1]) : undefined;
}

/** `npm run build`; with yarn, pnpm and bun the `run` may be left out. */
function scriptOf(program: string, first: string, second: string | undefined): string | undefined {
  const runs = first === 'run' || first === 'run-script';
  const script = runs ? second : program === 'npm' ? undefined : first;
  return script !== undefined && WORK_SCRIPT.test(script) ? `${program} run ${script}` : undefined;
}

/** `openclaw update`, by whichever way it was called, or a package manager with one of the agents in its arguments. */
export function isAgentUpdate(argv: readonly string[]): boolean {
  const [program, ...rest] = programOf(argv);
  if (program === undefined) return false;
  if (/^(openclaw|clawdbot|moltbot)-update/.test(program)) return true;
  if (/^(openclaw|clawdbot|moltbot)\b/.test(program)) return isUpdateCommand(rest);
  if (workOf(argv) === undefined) return false;
  return rest.some((word) => AGENT_PACKAGE.test(word)) || isUpdateOfAll(rest);
}

/** `openclaw@latest`, `/tmp/openclaw-2026.9.7.tgz`, `github:openclaw/openclaw`; no option, whatever path it names. */
const AGENT_PACKAGE = /^(?!-)(.*[/:])?(openclaw|clawdbot|moltbot)([@#.-].*)?$/;

/** `update` after options, of which some have a value: `--profile work update`. */
function isUpdateCommand(words: readonly string[]): boolean {
  const at = words.indexOf('update');
  return (
    at >= 0 && words.slice(0, at).every((word, index) => word.startsWith('-') || words[index - 1]?.startsWith('-'))
  );
}

/** `npm update -g`: everything that is installed for the whole host. */
function isUpdateOfAll(words: readonly string[]): boolean {
  const [command, ...named] = words.filter((word) => !word.startsWith('-'));
  const isGlobal = words.some((word) => /^(-g|--global|--location=global)$/.test(word));
  return isGlobal && named.length === 0 && /^(update|upgrade|up)$/.test(command ?? '');
}

/** The command line without interpreters and their options, its program by its bare name. Titles (`npm install`) are split. */
function programOf(argv: readonly string[]): readonly string[] {
  let words = argv.length === 1 ? (argv[0] ?? '').split(' ').filter((word) => word !== '') : argv;
  for (let deep = 0; deep < 4; deep += 1) {
    const name = bareName(words[0] ?? '');
    if (!INTERPRETERS.test(name)) break;
    const rest = words.slice(1);
    // `python3 -m pip install`: the module is the program. Other options and NAME=value of env are skipped.
    const at = rest.findIndex((word) => word === '-m' || (!word.startsWith('-') && !/^\w+=/.test(word)));
    if (at < 0 || (name === 'bun' && !/\.[cm]?[jt]sx?$|\//.test(rest[at] ?? ''))) break;
    words = rest.slice(rest[at] === '-m' ? at + 1 : at);
  }
  const [program, ...rest] = words;
  return program === undefined ? [] : [bareName(program), ...rest];
}

function bareName(path: string): string {
  const name = basename(path).replace(/\.(c?js|mjs|py|exe)$/, '');
  return name === 'npm-cli' ? 'npm' : name.replace(/^(pip)3?\.?\d*$/, '$1');
}
