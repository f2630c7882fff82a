import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from '../../scripts/root.ts';
import { fixture, freePort, program, TestDaemon } from '../helpers/daemon.ts';

describe.concurrent('playbooks', () => {
  test('the one of the docs does what the docs say, line by line', async ({ onTestFinished }) => {
    const page = readFileSync(join(root, 'docs/playbooks.md'), 'utf8');
    const walk = page.slice(page.indexOf('## Write your own'), page.indexOf('## What may stand in one'));
    const blocks = [...walk.matchAll(/^ {3}```\w+\n((?:.*\n)*?)^ {3}```$/gm)].map(([, text = '']) =>
      text.replace(/^ {3}/gm, ''),
    );
    const [config = '', playbook = '', told = ''] = blocks;
    const [, check = '', rehearse = ''] =
      /`jarvis-health (config check)`(?:.|\n)*`jarvis-health (playbooks run [^`]*)`/.exec(walk) ?? [];

    const ada = mkdtempSync(join(tmpdir(), 'jh-ada-'));
    onTestFinished(() => rmSync(ada, { recursive: true, force: true }));
    const port = String(await freePort());
    const here = (text: string): string => text.replaceAll('/home/ada', ada).replaceAll('3900', port);
    for (const folder of ['notes', 'jarvis-health/playbooks'])
      mkdirSync(join(ada, folder), { recursive: true, mode: 0o700 });
    writeFileSync(join(ada, 'jarvis-health/config.yaml'), here(config), { mode: 0o600 });
    writeFileSync(join(ada, 'jarvis-health/playbooks/unlock-notes.yaml'), playbook, { mode: 0o600 });
    writeFileSync(join(ada, 'notes/stale.lock'), '');
    const { JARVIS_HEALTH_HOME: _, ...env } = process.env;
    const jh = (line: string) =>
      spawnSync(process.execPath, [program, ...line.split(' ')], { encoding: 'utf8', env: { ...env, HOME: ada } });

    expect(jh(check)).toMatchObject({ status: 0, stdout: expect.stringContaining('is right.') });
    const ran = jh(rehearse);
    expect(ran.stderr).toBe('');
    expect(ran.stdout).toBe(here(told));
    expect(existsSync(join(ada, 'notes/stale.lock'))).toBe(true);
  });

  test('of three steps: the first two do not help, the third does, and each is told with its tries', async ({
    onTestFinished,
  }) => {
    const port = await freePort();
    const daemon = new TestDaemon(onTestFinished);
    const marks = join(daemon.home, 'marks');
    const start = [process.execPath, fixture('web.mjs'), '--port', String(port)];
    daemon.write({
      services: { web: { http: `http://127.0.0.1:${port}/`, start, playbook: ['mend-web', 'service-restart'] } },
    });
    own(daemon, 'mend-web', [
      'name: mend-web',
      'summary: Leaves a mark, asks what is not there, and restarts it.',
      'for: service',
      'when: [crashed]',
      'slo: 10m',
      'steps:',
      '  - action: run-command',
      `    with: { argv: [sh, -c, 'echo tried >> "$MARKS"'], env: { MARKS: ${JSON.stringify(marks)} } }`,
      '    verify: { checks: [http], good: 1, within: 500ms }',
      '  - action: run-command',
      "    with: { argv: [sh, -c, 'echo no such luck >&2; exit 3'] }",
      '    retries: 1',
      '    backoff: 1s',
      '  - action: restart-service',
    ]);
    await daemon.start();
    const before = await daemon.well('web');
    process.kill(before.process?.pid ?? 0, 'SIGKILL');
    const after = await daemon.well('web', before.process?.pid);
    expect(readFileSync(marks, 'utf8')).toBe('tried\n');
    expect(after.attempts).toMatchObject([{ playbook: 'mend-web', outcome: 'recovered', manual: false }]);
    const { incidents } = await daemon.snapshot();
    expect(incidents).toMatchObject([{ target: 'web', outcome: 'auto-fixed' }]);
    const { out } = daemon.run('incidents', 'show', incidents[0]?.id ?? '');
    const story = out.replace(/\s+/g, ' ');
    for (const said of ['run a command', 'tried again in 1 s', 'no such luck', 'restart it', 'Attempt helped'])
      expect(story).toContain(said);
    expect(after.attempts[0]?.steps).toMatchObject([
      { step: 1, try: 1, verified: false },
      { step: 2, try: 1, result: 'failed' },
      { step: 2, try: 2, result: 'failed' },
      { step: 3, try: 1, verified: true },
    ]);
  });

  test('one that goes wrong changes nothing and is told; its next good version is in force, and by hand it can be run', async ({
    onTestFinished,
  }) => {
    const port = await freePort();
    const daemon = new TestDaemon(onTestFinished);
    const mark = join(daemon.home, 'mark');
    const start = [process.execPath, fixture('web.mjs'), '--port', String(port)];
    daemon.write({ services: { web: { http: `http://127.0.0.1:${port}/`, start } } });
    await daemon.start();
    await daemon.well('web');
    const touch = (file: string): readonly string[] => [
      'name: touch',
      'summary: Leaves a mark.',
      'for: service',
      'steps:',
      `  - { action: run-command, with: { argv: [touch, ${JSON.stringify(file)}] } }`,
    ];
    own(daemon, 'touch', touch(mark));
    const rehearsed = await daemon.until('the new playbook is known', () => {
      const ran = daemon.run('playbooks', 'run', 'touch', 'web', '--dry-run');
      return ran.code === 0 ? ran.out : undefined;
    });
    expect(rehearsed).toContain(`touch ${mark}`);
    expect(existsSync(mark)).toBe(false);

    own(daemon, 'touch', ['name: touch', 'summary: Wrong.', 'for: servise']);
    const refused = 'playbooks/touch.yaml is refused (line 1); the last good one is in force';
    await daemon.until(
      'it is told',
      async () => (await daemon.snapshot()).verdict.detail.includes(refused) || undefined,
    );
    expect(daemon.run('status').out.replace(/\s+/g, ' ')).toContain(`One thing to watch: ${refused}.`);
    expect(daemon.run('playbooks', 'run', 'touch', 'web', '--dry-run').err).toContain('PLAYBOOK_INVALID');
    const ran = daemon.run('recover', 'web', '--playbook', 'touch', '--force');
    expect(ran.out).toContain('web was working');
    expect(existsSync(mark)).toBe(true);

    own(daemon, 'touch', touch(`${mark}2`));
    await daemon.until(
      'it is mended',
      async () => !(await daemon.snapshot()).verdict.detail.includes('touch') || undefined,
    );
    expect(daemon.run('playbooks', 'run', 'touch', 'web', '--force').code).toBe(0);
    expect(existsSync(`${mark}2`)).toBe(true);
  });
});

function own(daemon: TestDaemon, name: string, lines: readonly string[]): void {
  mkdirSync(join(daemon.home, 'playbooks'), { recursive: true, mode: 0o700 });
  writeFileSync(join(daemon.home, 'playbooks', `${name}.yaml`), `${lines.join('\n')}\n`, { mode: 0o600 });
}
