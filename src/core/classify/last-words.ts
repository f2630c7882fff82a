import type { TroubleClass } from '../classify.ts';

/** The classes that a program's own last words can tell. */
export type Spoken = { readonly class: TroubleClass; readonly line: string };

/**
 * What programs say when they end for a reason of their own: the words of Node, Python, SQLite, the C library, shells and
 * systemd. Only words that name their cause: a wrong class keeps a person from looking where the cause is.
 */
const WORDS: readonly (readonly [TroubleClass, RegExp])[] = [
  ['data-corruption', /database disk image is malformed|malformed database schema|\bfile is not a database\b/i],
  ['data-corruption', /\bSQLITE_(CORRUPT|NOTADB)|\bchecksum mismatch\b|\b(page|block) checksum\b.*\b(failed|wrong)\b/i],
  [
    'data-corruption',
    /\b(database|db|index|journal|wal|store|state( file)?|data file)\b.{0,40}\b(is |was )?corrupt(ed)?\b/i,
  ],
  ['data-corruption', /\bcorrupt(ed)? (database|db|index|journal|wal|store|state|data file)\b/i],
  // A file of its own that is no JSON any more; one that a person writes is a configuration.
  [
    'data-corruption',
    /(?<!config|settings|package|tsconfig|clawdbot|openclaw|moltbot)\.json\b.*(Unexpected (end of|token|non-whitespace)|Expected .* in JSON|Unterminated string in JSON|is not valid JSON)/i,
  ],
  ['refused-configuration', /^Gateway start blocked: |\bRefusing to bind gateway\b|^Config invalid$/i],
  ['refused-configuration', /\bInvalid config at \S*(clawdbot|moltbot|openclaw)\.json\b/i],
  ['port-conflict', /\bEADDRINUSE\b|\baddress (is )?already in use\b|\bport \d+ is already (in use|allocated|used)\b/i],
  // The limit of watched files has the same name (inotify(7)) and nothing to do with room.
  ['disk-full', /^(?!.*file watchers).*(\bENOSPC\b|\bno space left on device\b|\bEDQUOT\b|\bdisk quota exceeded\b)/i],
  ['disk-full', /\bdatabase or disk is full\b|\bSQLITE_FULL\b/i],
  ['wrong-runtime', /\brequires? (at least )?(Node(\.js)?|Python|Ruby|PHP|Java|Bun|Deno)\b.{0,30}\d/i],
  ['wrong-runtime', /\bEBADENGINE\b|\bunsupported engine\b|\bERR_UNKNOWN_FILE_EXTENSION\b|\bbad option: --/i],
  ['wrong-runtime', /\bbad interpreter\b|\bexec format error\b|\bENOEXEC\b|\bcannot execute binary file\b/i],
  [
    'wrong-runtime',
    /\bcompiled against a different Node\.js version\b|\bwrong ELF class\b|\bversion `GLIBC\S* not found/i,
  ],
  ['wrong-runtime', /\bBad CPU type in executable\b|\bUnsupportedClassVersionError\b/i],
  ['dependency-missing', /\b(ERR_)?MODULE_NOT_FOUND\b|\bcannot find (module|package) |\bno module named\b/i],
  [
    'dependency-missing',
    /^\s*(ImportError|ModuleNotFoundError)\b|\bcannot open shared object file\b|\bLibrary not loaded: /i,
  ],
  ['dependency-missing', /\bspawn \S+ ENOENT\b|\bcommand not found\b|: \d+: \S+: not found$|\bcan't open file '/i],
  ['dependency-missing', /\bexecutable file not found\b|\bFailed at step EXEC\b.*No such file/i],
  ['permission', /\bEACCES\b|\bEPERM\b|\bpermission denied\b|\boperation not permitted\b|^\s*PermissionError\b/i],
];

/** What is only told on the way is no reason of an end. */
const ASIDE = /^.{0,40}\b(npm )?(warn|warning|debug|deprecated)\b/i;
/** Node prints the fields of an error below it: they tell the class, and no person wants to read them. */
const FIELD = /^\s*(code|errno|syscall):/;

const known = new WeakMap<readonly string[], Spoken | undefined>();

/**
 * What a program gave as the reason of its end, by the lines that it printed last. Damaged data outweighs everything; else
 * the last line that names a cause is the one that it ended of. Remembered for as long as the lines are.
 */
export function spokenIn(lines: readonly string[]): Spoken | undefined {
  if (!known.has(lines)) known.set(lines, read(lines));
  return known.get(lines);
}

function read(lines: readonly string[]): Spoken | undefined {
  const told = lines.flatMap((line) => {
    const found = classOfLine(line);
    return found === undefined ? [] : [{ class: found, line }];
  });
  const kind = (told.find((one) => one.class === 'data-corruption') ?? told.at(-1))?.class;
  const same = told.filter((one) => one.class === kind);
  return same.findLast((one) => !FIELD.test(one.line)) ?? same.at(-1);
}

/** The class that one line names, or `undefined`. */
export function classOfLine(line: string): TroubleClass | undefined {
  if (ASIDE.test(line)) return undefined;
  return WORDS.find(([, pattern]) => pattern.test(line))?.[0];
}
