import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TargetKind } from '../core/plan.ts';

/** The playbooks of the package, by name, and what each is for. */
export const SHIPPED: Readonly<Record<string, TargetKind>> = {
  'service-restart': 'service',
  'hung-process': 'service',
  'port-conflict': 'service',
  'gateway-restart': 'service',
  'disk-pressure': 'disk',
  'memory-pressure': 'memory',
  'log-too-large': 'logs',
};

/** What is done by itself where the config does not say: the first one whose classes fit the trouble. */
export const AUTOMATIC = {
  service: ['hung-process', 'port-conflict', 'service-restart'],
  gateway: ['gateway-restart'],
  disk: ['disk-pressure'],
  memory: ['memory-pressure'],
  logs: ['log-too-large'],
} as const;

/** Your own lie here, in the home folder. */
export const OWN_FOLDER = 'playbooks';
const ENDING = '.yaml';

/** Names of your own playbooks, right or wrong: a playbook is named as its file. */
export function ownPlaybookNames(home: string): readonly string[] {
  try {
    return readdirSync(join(home, OWN_FOLDER))
      .filter((name) => name.endsWith(ENDING) && !name.startsWith('.'))
      .map((name) => name.slice(0, -ENDING.length).normalize('NFC'))
      .toSorted();
  } catch {
    return [];
  }
}
