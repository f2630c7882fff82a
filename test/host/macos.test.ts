import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { parseHolders } from '../../src/host/holders.ts';
import { parseListeners } from '../../src/host/ports-macos.ts';
import { marksOfLine, readProcess } from '../../src/host/processes.ts';
import { COLUMNS, parseCpuTime, parseProcesses } from '../../src/host/processes-macos.ts';
import { parseMacosMounts } from '../../src/host/space.ts';

/* What the tools of macOS print, as ps(1), lsof(8) and mount(8) describe it. */

describe('ps', () => {
  const rows = [
    '    1     0     1     0 Ss   ??          18432   1:02.31 Fri Nov 20 07:01:02 2026     /sbin/launchd',
    '  812   640   812   501 S+   ttys003     51200 123:45.67 Sat Nov 21 02:43:11 2026     node /Users/a/my app/web.js --port 80',
    '  900   812   812   501 Z    ttys003         0   0:00.00 Sat Nov 21 02:44:00 2026     (node)',
    'nonsense',
  ].join('\n');
  const folders = 'p1\nfcwd\nn/\np812\nfcwd\nn/Users/a/my app\n';

  it('is read row by row, zombies and what is torn left out', () => {
    const processes = parseProcesses(rows, folders);
    expect(processes.map((one) => one.pid)).toEqual([1, 812]);
    expect(processes[1]).toMatchObject({
      ...{ ppid: 640, pgid: 812, uid: 501, state: 'S', terminal: true, cwd: '/Users/a/my app' },
      ...{
        command: 'node /Users/a/my app/web.js --port 80',
        ageMs: expect.any(Number),
        cpuMs: 7_425_670,
        rssBytes: 52_428_800,
      },
    });
    expect(processes[1]?.startToken).toMatch(/:Sat Nov 21 02:43:11 2026$/);
    expect(processes[0]?.terminal).toBe(false);
  });

  it('of this system, asked with the same columns, agrees with what else is known', async () => {
    const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
    const text = execFileSync('ps', ['-ww', ...COLUMNS, '-p', String(process.pid)], { encoding: 'utf8', env });
    const [row] = parseProcesses(text, `p${process.pid}\nfcwd\nn${process.cwd()}\n`);
    const { pid, ppid, pgid, uid, terminal, cwd, command } = (await readProcess(process.pid)) ?? {};
    expect(row).toMatchObject({ pid, ppid, pgid, uid, terminal, cwd });
    expect(row?.command.replace(/\s+/g, ' ')).toBe(command?.replace(/\s+/g, ' '));
  });

  it('gives CPU time in four forms', () => {
    expect(['0:01.25', '123:45.67', '02:03:04', '1-02:03:04.50'].map(parseCpuTime)).toEqual([
      1_250, 7_425_670, 7_384_000, 93_784_500,
    ]);
  });

  it('shows the marks of a service behind the command line', () => {
    const line =
      'node web.js HOME=/Users/a JARVIS_HEALTH_SERVICE=my hub JARVIS_HEALTH_HOME=/Users/a/jarvis-health LANG=C\n';
    expect(marksOfLine(line)).toEqual({ service: 'my hub', home: '/Users/a/jarvis-health' });
    expect(marksOfLine('node web.js')).toEqual({ service: undefined, home: undefined });
  });
});

describe('lsof', () => {
  it('tells who listens where', () => {
    const output = 'p812\ncnode\nf21\nn127.0.0.1:8080\nf22\nn[::1]:8080\np900\ncnginx\nf6\nn*:80\n';
    expect(parseListeners(output)).toEqual([
      { address: '127.0.0.1', port: 8080, pid: 812, command: 'node' },
      { address: '::1', port: 8080, pid: 812, command: 'node' },
      { address: '0.0.0.0', port: 80, pid: 900, command: 'nginx' },
    ]);
  });

  it('tells who writes to a file, and whether at its end', () => {
    const output = [
      ...['p812', 'cnode', 'f3', 'aw', 'GW,AP', 'n/tmp/a.log', 'f4', 'aw', 'GW,AP', 'n/tmp/a.log'],
      ...['p813', 'ctail', 'f3', 'ar', 'GR', 'n/tmp/a.log'],
      ...['p814', 'cpython', 'f5', 'au', 'GRW', 'n/tmp/a.log', 'f6', 'aw', 'GW,AP', 'n/tmp/a.log'],
    ].join('\n');
    expect(parseHolders(output)).toEqual([
      { pid: 812, command: 'node', writes: true, appends: true },
      { pid: 813, command: 'tail', writes: false, appends: false },
      { pid: 814, command: 'python', writes: true, appends: false },
    ]);
  });
});

describe('mount', () => {
  it('gives the disks: `/` for its APFS container, others, and no images', () => {
    const output = [
      '/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)',
      'devfs on /dev (devfs, local, nobrowse)',
      '/dev/disk3s5 on /System/Volumes/Data (apfs, local, journaled, nobrowse, protect, root data)',
      'map auto_home on /System/Volumes/Data/home (autofs, automounted, nobrowse)',
      '/dev/disk4s1 on /Volumes/My Disk (exfat, local, nodev, nosuid, noowners)',
      '/dev/disk5s1 on /Volumes/Installer (hfs, local, nodev, nosuid, read-only, noowners, mounted by a)',
      '//a@nas/share on /Volumes/share (smbfs, nodev, nosuid, mounted by a)',
    ].join('\n');
    expect(parseMacosMounts(output)).toEqual([
      { path: '/', type: 'apfs', readOnly: false },
      { path: '/Volumes/My Disk', type: 'exfat', readOnly: false },
    ]);
  });
});
