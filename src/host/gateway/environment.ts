import { dirname } from 'node:path';
import { BRANDS, type GatewayPlace } from '../../core/gateway.ts';

/**
 * What the gateway's command line must be given besides the user's own environment: its own Node first on PATH, for its
 * first line is `env node`, and where its things are. HOME stays as it is.
 */
export function environmentFor(
  { brand, stateFolder, configFile }: GatewayPlace,
  node: string,
  path = '',
): Record<string, string> {
  const { prefix } = BRANDS[brand];
  const own = { [`${prefix}_STATE_DIR`]: stateFolder, [`${prefix}_CONFIG_PATH`]: configFile };
  return { ...own, PATH: `${dirname(node)}:${path}` };
}
