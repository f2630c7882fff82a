import type { GatewayBrand } from '../core/gateway.ts';
import type { Owner } from '../core/owner.ts';

/** What init saw on a host. Texts quote the host; sizes in bytes, shares in percent. */
export type Seen = {
  /** Of whoever asked. */
  readonly uid: number;
  /** The person's home folder. */
  readonly homeFolder: string;
  /** From here on the system hands out ports by itself. */
  readonly ownPortsFrom: number;
  readonly gateway: SeenGateway | undefined;
  readonly services: readonly SeenService[];
  readonly disks: readonly { readonly path: string; readonly totalBytes: number; readonly usedPercent: number }[];
  readonly memory: { readonly totalBytes: number; readonly usedPercent: number };
  readonly logs: readonly SeenLogs[];
};

export type SeenGateway = {
  readonly brand: GatewayBrand;
  readonly port: number;
  readonly runs: boolean;
  readonly owner: SeenOwner;
  /** As the config would name the unit that its installer wrote, where there is one. */
  readonly unit: string | undefined;
  /** What would start it, in whole paths; asked only where nobody else does. */
  readonly start: readonly string[] | undefined;
};

/** `unknown`: somebody seems to supervise it and could not be asked. */
export type SeenOwner = Owner | 'unknown' | undefined;

/** One process that listens, with all its ports. */
export type SeenService = {
  readonly ports: readonly SeenPort[];
  /** `undefined` when it may not be seen, which is so for other users. */
  readonly process: SeenProcess | undefined;
  readonly owner: SeenOwner;
  /** It is this program, a part of the gateway, or another gateway of its kind. */
  readonly partOf: 'jarvis-health' | 'gateway' | 'other-gateway' | undefined;
};

export type SeenPort = {
  readonly address: string;
  readonly port: number;
  readonly answer: Answer;
};

/** `healthy`: it has a health address of its own. `mute`: no HTTP. `not-asked`: it was none of our business. */
export type Answer =
  | { readonly kind: 'healthy'; readonly path: string }
  | { readonly kind: 'page'; readonly status: number }
  | { readonly kind: 'failing'; readonly status: number }
  | { readonly kind: 'mute' }
  | { readonly kind: 'not-asked' };

export type SeenProcess = {
  readonly pid: number;
  readonly uid: number;
  readonly argv: readonly string[];
  readonly cwd: string | undefined;
  /** The file that its first word runs, where the daemon would find another one by that word. */
  readonly program: string | undefined;
  /** `PORT` in its environment. */
  readonly portVariable: string | undefined;
};

/** Log files of one kind in one folder. */
export type SeenLogs = {
  readonly folder: string;
  /** `.log`, `.jsonl` */
  readonly ending: string;
  readonly files: number;
  readonly bytes: number;
};
