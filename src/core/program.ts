import { baseName } from './command-line.ts';

/** What an interpreter takes before the script it runs: options with a value, or code in place of a script. */
type Interpreter = {
  readonly names: RegExp;
  readonly values?: readonly string[];
  readonly code?: RegExp;
  /** What runs comes after it. */
  readonly before?: readonly string[];
};

const INTERPRETERS: readonly Interpreter[] = [
  { names: /^(python|pypy)[\d.]*$/i, values: ['-W', '-X'], code: /^-[a-zA-Z]*c$/ },
  {
    names: /^(node|nodejs|tsx|ts-node|nodemon)$/,
    values: ['-r', '--require', '--import', '--loader', '--experimental-loader', '-C', '--conditions', '--env-file'],
    code: /^(-e|-p|-pe|--eval|--print)$/,
  },
  { names: /^(bun|deno)$/, values: ['-r', '--preload', '--config'], code: /^(-e|--eval|eval)$/, before: ['run'] },
  { names: /^(ba|da|z|k|)sh$/, values: ['-o', '-O', '--rcfile', '--init-file'], code: /^-[a-zA-Z]*c$/ },
  { names: /^(ruby|perl|lua)[\d.]*$/, values: ['-I', '-C', '-l'], code: /^-[a-zA-Z]*[eE]$/ },
  { names: /^php[\d.]*$/, values: ['-c', '-d', '-z'], code: /^-r$/ },
  {
    names: /^java$/,
    values: ['-cp', '-classpath', '--class-path', '-p', '--module-path', '--add-opens', '--add-exports'],
  },
  { names: /^(dotnet|mono)$/ },
];

/** Scripts that run the application they are given. */
const SERVERS = /^(tsx|ts-node|nodemon|uvicorn|gunicorn|hypercorn|daphne)$/;

/**
 * Which words of a command line name what runs: the executable, or what its interpreter was told to run
 * (`python3 -u hub.py`, `python3 /usr/bin/uvicorn app:app`). `undefined` for code on the command line (`sh -c …`).
 */
export function programIn(words: readonly string[]): { readonly first: number; readonly last: number } | undefined {
  const interpreter = interpreterOf(words[0]);
  const first = interpreter === undefined ? 0 : scriptAfter(words, 0, interpreter);
  if (first === undefined) return undefined;
  const name = baseName(words[first] ?? '');
  const application = SERVERS.test(name) ? scriptAfter(words, first, interpreterOf(name) ?? { names: SERVERS }) : first;
  return { first, last: application ?? first };
}

/** Whether what runs is named by a path that counts from the folder it was started in: elsewhere it is another file. */
export function runsFromFolder(argv: readonly string[]): boolean {
  const program = programIn(argv);
  const word = argv[program?.last ?? 0] ?? '';
  return program !== undefined && !word.startsWith('/') && (program.last > 0 || word.includes('/'));
}

export function isInterpreter(word: string | undefined): boolean {
  return interpreterOf(word) !== undefined;
}

function interpreterOf(word: string | undefined): Interpreter | undefined {
  const name = baseName(word ?? '');
  return INTERPRETERS.find(({ names }) => names.test(name));
}

/** The first argument that is no option, nor the value of one. */
function scriptAfter(words: readonly string[], at: number, how: Interpreter): number | undefined {
  for (let index = at + 1; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (how.code?.test(word) === true) return undefined;
    if (how.values?.includes(word) === true) index += 1;
    else if (!word.startsWith('-') && how.before?.includes(word) !== true) return index;
  }
  return undefined;
}
