import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configJsonSchema } from '../../src/config/json-schema.ts';
import { writeConfigSchema } from '../../src/store/config-schema.ts';
import { scratch } from './scratch.ts';

describe('the schema beside the config', () => {
  it('is that of this version, for its owner, and is written once', async () => {
    const path = join(scratch(), 'config.schema.json');
    expect(await writeConfigSchema(path)).toBe(true);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(configJsonSchema());
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const { ino } = statSync(path);
    expect(await writeConfigSchema(path)).toBe(false);
    expect(statSync(path).ino).toBe(ino);
  });

  it('takes the place of one of another version, and of a link, whose end it leaves alone', async () => {
    const folder = scratch();
    const path = join(folder, 'config.schema.json');
    writeFileSync(join(folder, 'other'), '{}');
    symlinkSync(join(folder, 'other'), path);
    expect(await writeConfigSchema(path)).toBe(true);
    expect(readFileSync(join(folder, 'other'), 'utf8')).toBe('{}');
    writeFileSync(path, '{}');
    expect(await writeConfigSchema(path)).toBe(true);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toHaveProperty('title');
  });

  it('leaves nothing behind where it cannot be put', async () => {
    const folder = scratch();
    const path = join(folder, 'config.schema.json');
    mkdirSync(path);
    await expect(writeConfigSchema(path)).rejects.toMatchObject({ code: 'EISDIR' });
    expect(readdirSync(folder)).toEqual(['config.schema.json']);
  });
});
