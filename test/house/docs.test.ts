import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorsPage } from '../../scripts/generate-errors.ts';
import { root } from '../../scripts/root.ts';
import { ERRORS } from '../../src/errors.ts';
import { filesBelow } from './tree.ts';

const pages = filesBelow(['.'], /\.md$/);
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

describe('the docs', () => {
  it('list every error as the registry has it', () => {
    expect(read('docs/errors.md')).toBe(errorsPage());
  });

  it('list only errors that somebody can meet', () => {
    const sources = filesBelow(['src', 'checks', 'actions', 'bin']).filter(({ path }) => path !== 'src/errors.ts');
    const raised = sources.map(({ text }) => text).join('\n');
    expect(Object.keys(ERRORS).filter((code) => !new RegExp(`['"\`]${code}['"\`]`).test(raised))).toEqual([]);
  });

  it('have no link that leads nowhere', () => {
    const dead = pages.flatMap(({ path, text }) =>
      [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)]
        .map(([, link = '']) => posix.join(posix.dirname(path), link))
        .filter((target) => !existsSync(join(root, target)))
        .map((target) => `${path} -> ${target}`),
    );
    expect(dead).toEqual([]);
  });

  it('have no row of a table that an empty line has torn off', () => {
    const torn = pages.flatMap(({ path, text }) =>
      [...text.matchAll(/\n\n(\|.*)\n(?!\| ?-)/g)].map(([, row = '']) => `${path}: ${row}`),
    );
    expect(torn).toEqual([]);
  });

  it('name no npm script that does not exist', () => {
    const scripts = Object.keys(JSON.parse(read('package.json')).scripts);
    const unknown = pages.flatMap(({ path, text }) =>
      [...text.matchAll(/\bnpm run ([\w:-]+)/g)]
        .filter(([, name = '']) => !scripts.includes(name))
        .map(([said]) => `${path}: ${said}`),
    );
    expect(unknown).toEqual([]);
  });
});

describe('the package', () => {
  it('pins every dependency to one version', () => {
    const { dependencies, devDependencies } = JSON.parse(read('package.json'));
    const versions: [string, unknown][] = Object.entries({ ...dependencies, ...devDependencies });
    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(String(version)))).toEqual([]);
  });

  it('locks the part of every platform, without which `npm ci` refuses the lock file', () => {
    type Locked = { readonly optionalDependencies?: Readonly<Record<string, string>> };
    const packages: Readonly<Record<string, Locked>> = JSON.parse(read('package-lock.json')).packages;
    const missing = Object.values(packages)
      .flatMap(({ optionalDependencies = {} }) => Object.keys(optionalDependencies))
      .filter((name) => !Object.keys(packages).some((path) => path.endsWith(`node_modules/${name}`)));
    expect(missing).toEqual([]);
  });
});
