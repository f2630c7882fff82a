import { describe, expect, it } from 'vitest';
import type { Owner } from '../../src/core/owner.ts';
import { agree } from '../../src/init/agree.ts';
import { SAFE } from '../../src/init/proposal.ts';
import { propose } from '../../src/init/propose.ts';
import { writeConfig } from '../../src/init/write-config.ts';
import { HOME, port, program, seen, service, systemUnit, userUnit } from './samples.ts';

/** As the user's own unit runs it, from no folder of theirs, with a page on the port. */
const owned = (argv: readonly string[], cwd = '/', owner: Owner = userUnit) =>
  service({ owner, process: program(argv, { cwd }) });

describe('what a unit of the person keeps', () => {
  it.each([
    [['/usr/bin/redis-server 127.0.0.1:6379']],
    [['/usr/bin/valkey-server *:6379']],
    [['minio', 'server', '/data']],
    [['/opt/bitnami/mysql/bin/mysqld.bin']],
    [['mongos']],
    [['/usr/local/bin/meilisearch']],
    [['/usr/share/elasticsearch/jdk/bin/java', 'org.elasticsearch.bootstrap.Elasticsearch']],
    [['java', '-jar', `${HOME}/kafka/kafka.jar`]],
    [['tmux: server']],
    [['/usr/bin/python3', '/usr/bin/supervisord']],
    [['/usr/bin/dbus-daemon', '--session']],
    [['Code Helper (Plugin)']],
    [['/Applications/Visual Studio Code.app/Contents/MacOS/Electron']],
    [[`${HOME}/.vscode-server/bin/abc/node`, `${HOME}/.vscode-server/bin/abc/out/server-main.js`]],
    [[`${HOME}/venv/bin/python`, `${HOME}/venv/bin/jupyter-lab`]],
  ])('is left out when it is a database or a tool: %j', (argv) => {
    const { services, left } = propose(seen([owned(argv)]));
    expect([services, left.length]).toEqual([[], 1]);
  });

  it.each(['redis-server.service', 'postgresql@15-main.service', 'etcd.service', 'my-kafka.service'])(
    'is left out when the unit says so, whatever it runs: %s',
    (unit) => {
      const one = owned(['./x'], `${HOME}/x`, { kind: 'systemd', scope: 'user', unit });
      expect(propose(seen([one]))).toMatchObject({ services: [], left: [{ why: expect.stringMatching(/database/) }] });
    },
  );

  it.each([
    [['node', '/srv/hub/server.js'], '/'],
    [['/home/ada/.nvm/versions/node/v22/bin/node', 'server.js'], '/srv/hub'],
    [['next-server (v14.2.3)'], `${HOME}/hub`],
    [[`${HOME}/go/bin/hub`], '/'],
    [['uvicorn', 'app:app'], `${HOME}/hub`],
  ])('is acted upon by --yes when all speaks for a web app of theirs: %j in %s', (argv, cwd) => {
    expect(propose(seen([owned(argv, cwd)])).services).toMatchObject([{ acts: 'owner' }]);
  });

  it.each([
    [['/usr/local/bin/newdb'], 'Its program came with the system or a package, as databases do.'],
    [['newdb', 'serve'], 'Its program came with the system or a package, as databases do.'],
    [['/usr/bin/python3', '/usr/bin/some-server'], 'Its program came with the system or a package, as databases do.'],
  ])('is acted upon only when a person says so to it: %j', (argv, why) => {
    const [found] = propose(seen([owned(argv)])).services;
    expect(found).toMatchObject({ acts: 'owner-asked', unit: 'hub.service', why: expect.arrayContaining([why]) });
  });

  it('that speaks no HTTP, runs as another user or belongs to the whole host is asked for too', () => {
    const process = program(['node', 'x.js'], { cwd: `${HOME}/x` });
    const acts = (more: object, uid = 1000) =>
      propose(seen([service({ process, ...more })], { uid })).services[0]?.acts;
    expect(acts({ owner: userUnit, ports: [port(3000, { kind: 'mute' })] })).toBe('owner-asked');
    expect(acts({ owner: userUnit }, 0)).toBe('owner-asked');
    expect(acts({ owner: systemUnit }, 0)).toBe('owner-asked');
    expect(acts({ owner: userUnit })).toBe('owner');
  });
});

describe('what has to be asked for', () => {
  const proposal = propose(seen([owned(['newdb', 'serve']), service()]));

  it('is watched by --yes, with its unit beside it', () => {
    const text = writeConfig(proposal, SAFE, HOME);
    expect(text).toMatch(/^ {4}unit: hub\.service\n {4}mode: observe # take this line out to let it act$/m);
  });

  it('is asked for by its name, and what nobody may restart is not asked for at all', async () => {
    const [asked, start] = proposal.services;
    const questions: string[] = [];
    const never = { ...start, name: 'never', acts: 'never' } as NonNullable<typeof start>;
    const agreed = await agree({ ...proposal, services: [...proposal.services, never] }, async (question) => {
      questions.push(question);
      return question.includes(asked?.name ?? '?');
    });
    expect(questions).toEqual([
      'Restart hub through its owner when down?',
      'Start fitness-tracker with `python3 app.py` when down?',
    ]);
    const text = writeConfig(proposal, agreed, HOME);
    expect(text).toMatch(/^ {4}unit: hub\.service\n\n/m);
    expect(text).not.toMatch(/^ {4}start:/m);
  });

  it('stays watched where it may never act, whatever was agreed to', () => {
    const [asked] = proposal.services;
    const never = { ...asked, acts: 'never' } as NonNullable<typeof asked>;
    const all = { owners: true, starts: new Set([never.name]), logs: true };
    expect(writeConfig({ ...proposal, services: [never] }, all, HOME)).toContain('mode: observe # it is watched only');
  });
});
