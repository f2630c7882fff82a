import { resolve } from 'node:path';
import { expandHome } from './paths.ts';
import type { Config, ServiceConfig } from './schema/config.ts';
import { isSecretName, Secret } from './secret.ts';

type Values = Readonly<Record<string, string | Secret>>;

/**
 * Makes every secret ready for use and keeps it out of sight: files get their full path (relative ones lie beside the
 * config), and values that are written out under a name like `Authorization` become secrets too.
 */
export function sealSecrets(config: Config, folder: string, homeFolder: string): Config {
  const seal = (values: Values): Record<string, string | Secret> =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, sealed(name, value, folder, homeFolder)]));
  const sealService = (service: ServiceConfig): ServiceConfig => {
    const { http, env } = service;
    return {
      ...service,
      ...(env === undefined ? {} : { env: seal(env) }),
      ...(http?.headers === undefined ? {} : { http: { ...http, headers: seal(http.headers) } }),
    };
  };
  const services = Object.entries(config.services).map(([name, service]) => [name, sealService(service)] as const);
  return { ...config, services: Object.fromEntries(services) };
}

function sealed(name: string, value: string | Secret, folder: string, homeFolder: string): string | Secret {
  if (typeof value === 'string') return isSecretName(name) ? new Secret({ text: value }) : value;
  if ('file' in value.source) return new Secret({ file: resolve(folder, expandHome(value.source.file, homeFolder)) });
  return value;
}
