import { describe, expect, it } from 'vitest';
import { filesBelow, importsOf, type SourceFile } from './tree.ts';

/**
 * Who may know whom (CONTRIBUTING.md draws it). A room is a folder or a file; `knows` lists what its files may import
 * besides their own room. Node's modules are allowed everywhere but where `node` names the few.
 */
type Room = {
  readonly room: string;
  readonly knows: readonly string[];
  readonly packages?: readonly string[];
  readonly node?: readonly string[];
};

const rooms: readonly Room[] = [
  { room: 'src/core/', knows: [], packages: [], node: [] },
  { room: 'src/errors.ts', knows: [], packages: [], node: [] },
  { room: 'src/check.ts', knows: ['src/core/'], packages: ['valibot'], node: [] },
  { room: 'src/action.ts', knows: ['src/core/', 'src/host/hands.ts'], packages: ['valibot'], node: [] },
  {
    room: 'checks/',
    knows: ['src/check.ts', 'src/core/', 'src/host/'],
    packages: ['valibot'],
    node: ['http', 'https', 'net', 'tls', 'path'],
  },
  {
    room: 'actions/',
    knows: ['src/action.ts', 'src/core/', 'src/host/', 'src/errors.ts'],
    packages: ['valibot'],
    node: ['path', 'timers/promises'],
  },
  { room: 'src/host/', knows: ['src/core/', 'src/errors.ts'] },
  { room: 'src/store/', knows: ['src/core/', 'src/errors.ts', 'src/host/clock.ts'], packages: ['lowdb', 'valibot'] },
  { room: 'src/config/', knows: ['src/core/', 'src/errors.ts'] },
  {
    room: 'src/playbooks/',
    knows: ['src/core/', 'src/errors.ts', 'src/config/'],
    packages: ['valibot', 'yaml'],
    node: ['fs', 'fs/promises', 'path'],
  },
  { room: 'src/simulate/', knows: ['src/core/'], packages: [], node: [] },
  { room: 'src/text/', knows: ['src/core/', 'src/errors.ts', 'src/simulate/'], packages: [], node: [] },
  { room: 'src/page/', knows: ['src/core/'], packages: [] },
  {
    room: 'src/install/',
    knows: ['src/core/', 'src/errors.ts', 'src/host/', 'src/store/durable-file.ts'],
    packages: [],
  },
  {
    room: 'src/init/',
    knows: ['src/core/', 'src/errors.ts', 'src/host/', 'src/config/', 'src/store/durable-file.ts'],
    packages: [],
  },
  { room: 'src/http/', knows: ['src/core/', 'src/errors.ts'], packages: ['valibot'] },
  {
    room: 'src/cli/',
    knows: [
      ...['src/core/', 'src/errors.ts', 'src/http/', 'src/text/', 'src/config/', 'src/store/', 'src/host/'],
      ...['src/init/', 'src/install/', 'src/playbooks/', 'src/simulate/'],
      ...['src/open-playbooks.ts', 'src/read-plan.ts', 'src/rehearse-alone.ts'],
      ...[
        'src/daemon.ts',
        'src/once.ts',
        'src/look.ts',
        'src/check.ts',
        'checks/index.ts',
        'src/version.ts',
        'src/page/',
      ],
    ],
  },
  {
    room: 'dashboard/',
    knows: ['src/core/snapshot.ts', 'src/core/history-view.ts'],
    packages: ['preact', 'preact/hooks'],
    node: [],
  },
];

/** The wiring: these may know everything but the command line and the page. */
const wiring = /^src\/[^/]+\.ts$/;

function belongsTo(path: string, place: string): boolean {
  return place.endsWith('/') ? path.startsWith(place) : path === place;
}

function trespasses(file: SourceFile, { room, knows, packages, node }: Room): readonly string[] {
  return importsOf(file)
    .filter(({ from }) => {
      if (from.startsWith('node:')) return node !== undefined && !node.includes(from.slice('node:'.length));
      if (/^(src|checks|actions|dashboard|scripts|test)\/|\.json$/.test(from))
        return ![room, ...knows].some((place) => belongsTo(from, place));
      return packages !== undefined && !packages.includes(from);
    })
    .map(({ from }) => `${file.path} imports ${from}`);
}

describe('the dependency rule', () => {
  const files = filesBelow(['src', 'checks', 'actions', 'dashboard'], /\.tsx?$/);

  it.each(rooms)('holds for $room', (room) => {
    const inside = files.filter(({ path }) => belongsTo(path, room.room));
    expect(inside.flatMap((file) => trespasses(file, room))).toEqual([]);
  });

  it('gives every file a room', () => {
    const homeless = files.filter(({ path }) => !wiring.test(path) && !rooms.some(({ room }) => belongsTo(path, room)));
    expect(homeless.map(({ path }) => path)).toEqual([]);
  });

  it.each(['checks', 'actions'])('keeps every file in %s/ away from its neighbours', (folder) => {
    const nosy = files
      .filter(({ path }) => path.startsWith(`${folder}/`) && path !== `${folder}/index.ts`)
      .flatMap((file) => importsOf(file).map(({ from }) => ({ path: file.path, from })))
      .filter(({ from }) => from.startsWith(`${folder}/`));
    expect(nosy).toEqual([]);
  });

  it('lets the wiring know everything but the command line and the page', () => {
    const crossed = files
      .filter(({ path }) => wiring.test(path))
      .flatMap((file) => importsOf(file).map(({ from }) => `${file.path} imports ${from}`))
      .filter((line) => /imports (src\/cli|dashboard|test|scripts)\//.test(line));
    expect(crossed).toEqual([]);
  });

  it('lets the page take types only from the program', () => {
    const runtime = files
      .filter(({ path }) => path.startsWith('dashboard/'))
      .flatMap((file) => importsOf(file).map((one) => ({ path: file.path, ...one })))
      .filter(({ from, typeOnly }) => from.startsWith('src/') && !typeOnly);
    expect(runtime).toEqual([]);
  });

  it.each(['checks', 'actions'])('lists every file of %s/ in its index', (folder) => {
    const index = files.find(({ path }) => path === `${folder}/index.ts`);
    const listed = index === undefined ? [] : importsOf(index).map(({ from }) => from);
    const present = files.map(({ path }) => path).filter((path) => path.startsWith(`${folder}/`));
    expect(present.filter((path) => path !== `${folder}/index.ts` && !listed.includes(path))).toEqual([]);
    expect(present.length).toBeGreaterThan(1);
  });
});
