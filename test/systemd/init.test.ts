import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Proposal } from '../../src/init/proposal.ts';
import { type Box, bootBox, type Ended, whyNoBox } from '../box/boot-box.ts';
import { eventually } from '../helpers/daemon.ts';

const why = whyNoBox();
const TITLED = '/usr/local/bin/node /out/titled.mjs';
const TITLED_CODE = `import { createServer } from 'node:http';
process.title = process.argv[2];
createServer((_, reply) => reply.end('x')).listen(Number(process.argv[3]), '127.0.0.1');
`;
const WEB = '/usr/local/bin/node /jarvis-health/test/fixtures/web.mjs';

describe.skipIf(why !== undefined)(`init beside a systemd${why === undefined ? '' : ` (SKIPPED: ${why})`}`, () => {
  let box: Box;

  const as = (user: string | undefined, argv: readonly string[]): Promise<Ended> =>
    box.exec(argv, { ...(user === undefined ? {} : { user }), timeoutMs: 30_000 });

  async function unit(user: string | undefined, name: string, port: number, title?: string): Promise<void> {
    const command = title === undefined ? `${WEB} --port ${port}` : `${TITLED} "${title}" ${port}`;
    const folder = user === undefined ? '/etc/systemd/system' : `/home/${user}/.config/systemd/user`;
    writeFileSync(join(box.out, `${name}.service`), `[Service]\nExecStart=${command}\nRestart=always\n`);
    await as(user, ['sh', '-c', `mkdir -p ${folder} && cp /out/${name}.service ${folder}/`]);
    const systemctl = ['systemctl', ...(user === undefined ? [] : ['--user'])];
    await as(user, [...systemctl, 'daemon-reload']);
    await as(user, [...systemctl, 'start', name]);
    await eventually(`${name} answers`, async () => {
      const answer = await box.exec(['curl', '-sfm1', '-o', '/dev/null', `http://127.0.0.1:${port}/`]);
      return answer.exitCode === 0 || undefined;
    });
  }

  /** What init, asked by a user, writes and proposes; its config is taken by `config check`. */
  async function init(
    user: string | undefined,
    home: string,
  ): Promise<{ text: string; services: Proposal['services'] }> {
    const program = ['node', '/jarvis-health/bin/jarvis-health.js', '--home', home];
    const ran = await as(user, [...program, 'init', '--yes', '--json']);
    expect(ran.exitCode, ran.stderr).toBe(0);
    const checked = await as(user, [...program, 'config', 'check']);
    expect(checked).toMatchObject({ exitCode: 0, stderr: '' });
    const { text, proposal } = JSON.parse(ran.stdout);
    return { text, services: proposal.services };
  }

  beforeAll(async () => {
    box = await bootBox();
    await box.addUser('ada');
    await box.exec(['chmod', '777', '/out']);
    writeFileSync(join(box.out, 'titled.mjs'), TITLED_CODE);
    await unit('ada', 'hub', 9_001);
    await unit('ada', 'cache', 9_003, '/usr/bin/redis-server 127.0.0.1:9003');
    await unit('ada', 'newdb', 9_004, 'newdb server /x');
    await unit(undefined, 'shop', 9_002);
  }, 60_000);
  afterAll(() => box?.down());

  it('names the unit of a user to that user, and leaves out what they cannot see', async () => {
    const { text, services } = await init('ada', '/home/ada/jh');
    expect(services.map(({ name, acts }) => [name, acts])).toEqual([
      ['hub', 'owner'],
      ['newdb', 'owner-asked'],
    ]);
    expect(text).toMatch(/^ {4}unit: hub\.service\n\n/m);
    expect(text).toMatch(/^ {4}unit: newdb\.service\n {4}mode: observe/m);
    expect(text).toContain('redis-server');
    expect(text).toContain('# - a program on port 9002 cannot be seen from here');
  });

  it('names the unit of the system to root, and only watches what a user has', async () => {
    const { text, services } = await init(undefined, '/var/lib/jh');
    expect(services).toContainEqual(
      expect.objectContaining({ name: 'shop', acts: 'owner-asked', unit: 'shop.service' }),
    );
    expect(text).toMatch(/unit: shop\.service\n +mode: observe/);
    expect(services).toContainEqual(expect.objectContaining({ name: 'hub', acts: 'never' }));
    expect(text).toContain("It belongs to another user's systemd.");
  });
});
