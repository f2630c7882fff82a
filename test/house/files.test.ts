import { describe, expect, it } from 'vitest';
import { filesBelow, importsOf, type SourceFile } from './tree.ts';

function linesOf(text: string): number {
  return text.split('\n').length - 1;
}

describe('files', () => {
  it('stop at 250 lines', () => {
    const long = filesBelow(['src', 'checks', 'actions', 'dashboard', 'scripts', 'bin'])
      .map(({ path, text }) => ({ path, lines: linesOf(text) }))
      .filter(({ lines }) => lines > 250);
    expect(long).toEqual([]);
  });

  it('are mostly short', () => {
    const lengths = filesBelow(['src', 'checks', 'actions']).map(({ text }) => linesOf(text));
    const median = lengths.sort((a, b) => a - b)[Math.floor(lengths.length / 2)];
    expect(median).toBeLessThan(80);
  });

  it('ask for the time in one place only', () => {
    const clocks = ['src/host/clock.ts', 'dashboard/clock.ts'];
    const asking = filesBelow(['src', 'checks', 'actions', 'dashboard', 'bin'])
      .filter(({ path }) => !clocks.includes(path))
      .filter(({ text }) =>
        /\bDate\.now\b|\bnew Date\s*(\(\s*\)|;)|[^.\w]Date\(\)/.test(text.replace(/^\s*(\/\/|\*|\/\*).*$/gm, '')),
      );
    expect(asking.map(({ path }) => path)).toEqual([]);
  });

  it('name no path of the machine they were written on', () => {
    // In two parts each, so that this file does not accuse itself.
    const machine = new RegExp(['/wor' + 'k/', 'bash_' + 'jobs', 'sub' + 'agent', '/roo' + 't/'].join('|'));
    const everything = filesBelow(['.'], /\.(tsx?|mjs|js|sh|css|md|json|ya?ml|html|py|service|plist)$|\/run$/);
    expect(everything.filter(({ text }) => machine.test(text)).map(({ path }) => path)).toEqual([]);
  });
});

describe('tests', () => {
  const tests = filesBelow(['test'], /\.test\.ts$/).filter(({ path }) => !path.startsWith('test/house/'));

  it('are never narrowed or put off', () => {
    expect(
      tests.filter(({ text }) => /\b(it|test|describe)\.(only|todo)\b/.test(text)).map(({ path }) => path),
    ).toEqual([]);
  });

  it('share no module that hooks itself into the first file that loads it', () => {
    // Workers go on from file to file (vitest.config.ts), so such a hook would run for one file and be missed by the rest.
    const shared = filesBelow(['test'], /\.ts$/).filter(({ path }) => !path.endsWith('.test.ts'));
    const hooked = shared.filter(({ text }) => /^(beforeAll|beforeEach|afterAll|afterEach)\(/m.test(text));
    expect(hooked.map(({ path }) => path)).toEqual([]);
  });

  it('say SKIPPED and why where they cannot run', () => {
    const byPath = new Map(filesBelow(['test']).map((file) => [file.path, file]));
    const says = (file: SourceFile | undefined): boolean => file?.text.includes('SKIPPED') ?? false;
    const silent = tests
      .filter(({ text }) => /\b(it|test|describe)\.(skip|skipIf|runIf)\b/.test(text))
      .filter((file) => !says(file) && !importsOf(file).some(({ from }) => says(byPath.get(from))));
    expect(silent.map(({ path }) => path)).toEqual([]);
  });
});
