import type { Owner } from '../../src/core/owner.ts';
import type { Answer, Seen, SeenPort, SeenProcess, SeenService } from '../../src/init/seen.ts';

export const HOME = '/home/ada';

export function seen(services: readonly SeenService[] = [], more: Partial<Seen> = {}): Seen {
  return {
    uid: 1000,
    homeFolder: HOME,
    ownPortsFrom: 32_768,
    gateway: undefined,
    services,
    disks: [{ path: '/', totalBytes: 500e9, usedPercent: 40 }],
    memory: { totalBytes: 16e9, usedPercent: 50 },
    logs: [],
    ...more,
  };
}

export const page: Answer = { kind: 'page', status: 200 };

export function port(number: number, answer: Answer = page, address = '127.0.0.1'): SeenPort {
  return { address, port: number, answer };
}

export function program(argv: readonly string[], more: Partial<SeenProcess> = {}): SeenProcess {
  return { pid: 812, uid: 1000, argv, cwd: `${HOME}/web`, program: undefined, portVariable: undefined, ...more };
}

/** `python3 app.py` of a person, on port 3000; nobody owns it. */
export function service(more: Partial<SeenService> = {}): SeenService {
  const process = program(['python3', 'app.py'], { cwd: `${HOME}/clawd/fitness-tracker` });
  return { ports: [port(3000)], process, owner: undefined, partOf: undefined, ...more };
}

export const userUnit: Owner = { kind: 'systemd', scope: 'user', unit: 'hub.service' };
export const systemUnit: Owner = { kind: 'systemd', scope: 'system', unit: 'nginx.service' };
