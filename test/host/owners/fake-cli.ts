import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { fixture } from '../../fixtures/start.ts';

/** What a stand-in answers from: see test/fixtures/owner-cli.mjs. */
export type FakeWorld = Readonly<Record<string, unknown>>;

/** Puts a stand-in for an owner's tool first on PATH until the test ends. */
export function fakeCli(root: string, name: 'docker' | 'podman' | 'launchctl' | 'pm2', world: FakeWorld) {
  const file = join(root, `${name}.json`);
  const bin = join(root, 'bin');
  mkdirSync(bin, { recursive: true });
  const say = (next: FakeWorld) => writeFileSync(file, JSON.stringify(next));
  say(world);
  const program = join(bin, name);
  writeFileSync(
    program,
    `#!/bin/sh\nexec '${process.execPath}' '${fixture('owner-cli.mjs')}' '${file}' ${name} "$@"\n`,
  );
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
      existsSync(`${file}.calls`) ? readFileSync(`${file}.calls`, 'utf8').trimEnd().split('\n') : [],
  };
}
