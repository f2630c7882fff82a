import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** What a stand-in prints when it is asked, and what it prints after it was ordered something. */
export type FakeAnswers = {
  /** `undefined`: it knows nobody of that name. */
  readonly says: string | undefined;
  readonly afterwards?: string;
  /** It may not be asked at all. */
  readonly forbidden?: boolean;
};

const ASKS = 'inspect|jlist|print';

/**
 * Puts a stand-in for an owner's tool first on PATH until the test ends. It says yes to every order, also when nothing
 * comes of it, as the real ones do. `where`: only what begins so is known (the domain of a launchd job).
 */
export function fakeCli(
  root: string,
  name: 'docker' | 'podman' | 'launchctl' | 'pm2',
  answers: FakeAnswers,
  where = '',
) {
  const bin = join(root, 'bin');
  const at = (file: string) => join(root, `${name}.${file}`);
  mkdirSync(bin, { recursive: true });
  function say({ says, afterwards, forbidden = false }: FakeAnswers): void {
    for (const [file, text] of [
      ['says', says],
      ['next', afterwards],
    ] as const) {
      if (text === undefined) rmSync(at(file), { force: true });
      else writeFileSync(at(file), text);
    }
    if (forbidden) appendFileSync(at('forbidden'), '');
  }
  say(answers);
  const lines = [
    '#!/bin/sh',
    `[ -e '${at('forbidden')}' ] && { echo 'permission denied while trying to connect' >&2; exit 1; }`,
    'case "$1" in',
    `${ASKS}) case "$2" in ${where}*) cat '${at('says')}' 2>/dev/null && exit 0 ;; esac`,
    `  echo 'Error: No such container; Could not find service' >&2; exit ${name === 'launchctl' ? 113 : 1} ;;`,
    'print-disabled|list) ;;',
    // The last words of what it owns are a question too.
    "logs) echo 'error: no disk at /srv' ;;",
    `*) echo "${name} $*" >>'${at('calls')}'; [ -e '${at('next')}' ] && mv '${at('next')}' '${at('says')}'; echo ok ;;`,
    'esac',
  ];
  const program = join(bin, name);
  writeFileSync(program, `${lines.join('\n')}\n`);
  chmodSync(program, 0o755);
  const path = process.env['PATH'];
  process.env['PATH'] = `${bin}:${path}`;
  onTestFinished(() => {
    process.env['PATH'] = path;
  });
  return {
    say,
    /** What it was asked to do, one line each; questions are not written down. */
    calls: (): readonly string[] =>
      existsSync(at('calls')) ? readFileSync(at('calls'), 'utf8').trimEnd().split('\n') : [],
  };
}
