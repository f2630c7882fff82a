import { resolve } from 'node:path';
import { expandHome } from '../config/paths.ts';
import { isSecretName, Secret } from '../config/secret.ts';

/** `folder`: of the playbook's file; `homeFolder`: the person's. */
export type Sealing = { readonly folder: string; readonly homeFolder: string };

/**
 * A value as it is used: `~/` is the person's home folder, and in `env` whatever uses `${NAME}`, lies in a file or is named
 * like a secret is kept out of sight, as in the config.
 */
export function sealOption(name: string, raw: unknown, sealing: Sealing): unknown {
  if (name === 'env' && isMap(raw))
    return Object.fromEntries(Object.entries(raw).map(([key, value]) => [key, sealed(key, value, sealing)]));
  return expanded(raw, sealing.homeFolder);
}

function sealed(key: string, value: unknown, { folder, homeFolder }: Sealing): unknown {
  if (isMap(value) && typeof value['file'] === 'string')
    return new Secret({ file: resolve(folder, expandHome(value['file'], homeFolder)) });
  const text = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
  if (typeof text === 'string' && (text.includes('${') || isSecretName(key))) return new Secret({ text });
  return text;
}

function expanded(raw: unknown, homeFolder: string): unknown {
  if (typeof raw === 'string') return raw.startsWith('~/') ? expandHome(raw, homeFolder) : raw;
  return Array.isArray(raw) ? raw.map((each) => expanded(each, homeFolder)) : raw;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
