import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PersonError } from '../../src/errors.ts';
import { assertHome, openHome } from '../../src/store/home.ts';
import { asOrdinaryUser } from '../helpers/ordinary-user.ts';
import { cannotMount, mounted, scratch } from './scratch.ts';

function refusal(path: string): PersonError | undefined {
  try {
    openHome(path);
    return undefined;
  } catch (error) {
    return error instanceof PersonError ? error : undefined;
  }
}

describe('the home folder', () => {
  it('is made, with its folders, for its owner only; opening it again changes nothing', () => {
    const path = join(scratch(), 'a', 'home');
    const home = openHome(path);
    openHome(path);
    for (const folder of [path, home.paths.run, home.paths.serviceLogs, home.paths.history]) {
      expect(statSync(folder).mode & 0o777).toBe(0o700);
    }
  });

  it('can be examined without a folder being made in it', () => {
    const path = scratch();
    assertHome(path);
    expect(readdirSync(path)).toEqual([]);
    mkdirSync(join(path, 'run'));
    writeFileSync(join(path, 'logs'), '', { mode: 0o600 });
    expect(() => assertHome(path)).toThrow(PersonError);
  });

  it.each([0o777, 0o775, 0o722])(
    'is refused when others may write to it (mode %o), with the command that closes it',
    (mode) => {
      const path = scratch();
      chmodSync(path, mode);
      expect(refusal(path)).toMatchObject({ code: 'HOME_NOT_SAFE', hint: `Close it: chmod 700 '${path}'` });
      chmodSync(path, 0o700);
      expect(refusal(path)).toBeUndefined();
    },
  );

  it.skipIf(process.geteuid?.() !== 0)(
    'is refused when someone else owns it (SKIPPED unless root, who may give it away)',
    () => {
      const path = scratch();
      chownSync(path, 12_345, 12_345);
      expect(refusal(path)).toMatchObject({ code: 'HOME_NOT_SAFE', message: expect.stringContaining('user 12345') });
    },
  );

  it('is refused when a file is in the way of it or of its folders', () => {
    const path = scratch();
    writeFileSync(join(path, 'file'), '');
    expect(refusal(join(path, 'file'))).toMatchObject({ code: 'HOME_NOT_WRITABLE' });
    expect(refusal(join(path, 'file', 'home'))).toMatchObject({ code: 'HOME_NOT_WRITABLE' });
    writeFileSync(join(path, 'run'), '');
    expect(refusal(path)?.message).toContain('is in the way');
  });

  it('is refused when it may not be written', async () => {
    const path = scratch();
    chmodSync(path, 0o500);
    const refused = await asOrdinaryUser([path], () => refusal(join(path, 'new')));
    expect(refused).toMatchObject({ code: 'HOME_NOT_WRITABLE' });
    chmodSync(path, 0o700);
  });

  it.skipIf(cannotMount !== '')(`is refused on a read-only file system${cannotMount}`, () => {
    const path = scratch();
    mounted(path, ['-t', 'tmpfs', '-o', 'size=64k,mode=700', 'tmpfs']);
    openHome(path);
    execFileSync('mount', ['-o', 'remount,ro', path]);
    expect(refusal(path)).toMatchObject({ code: 'HOME_NOT_WRITABLE', hint: expect.stringContaining('read-only') });
  });
});
