import { homedir } from 'node:os';
import { readConfig } from '../config/load.ts';
import { openEnv } from '../config/plan-gateway.ts';
import { BRANDS, type GatewayPlace } from '../core/gateway.ts';
import { nameOwner } from '../core/owner.ts';
import { sayDuration } from '../core/units.ts';
import { exec } from '../host/exec.ts';
import { environmentFor } from '../host/gateway/environment.ts';
import { findGateway } from '../host/gateway/find-gateway.ts';
import { readGatewayLock } from '../host/gateway/lock.ts';
import { findGatewayProgram, type GatewayProgram, type ProgramSearch } from '../host/gateway/program.ts';
import { findOwner } from '../host/owners/find-owner.ts';
import type { Context } from './context.ts';
import type { Finding } from './examine.ts';

const SELF_TEST_MS = 10_000;

/**
 * The agent's gateway, and whether its own command line works: it needs its own Node. Nothing where neither is known of.
 * `path`: of the daemon, which is the one to find it.
 */
export async function examineGateway(context: Context, path?: string): Promise<readonly Finding[]> {
  const asked = await askedFor(context);
  const place = await findGateway({ env: { ...context.env, ...asked?.env }, homeFolder: homedir() });
  if (place === undefined) return asked === undefined ? [] : [notThere()];
  const known = path === undefined ? context.env : { ...context.env, PATH: path };
  const search: ProgramSearch = { env: { ...known, ...asked?.env }, homeFolder: homedir(), start: asked?.start };
  const program = await findGatewayProgram(place, search);
  const found = 'missing' in program ? undefined : program;
  return [
    await gateway(place, found),
    found === undefined
      ? noProgram(place, 'missing' in program ? program.missing : '')
      : await selfTest(place, found, search),
    ...(asked === undefined ? [notConfigured()] : []),
  ];
}

type Asked = { readonly env: Readonly<Record<string, string>>; readonly start: readonly string[] | undefined };

/** The service of the config that is the gateway. */
async function askedFor(context: Context): Promise<Asked | undefined> {
  const reading = await readConfig({ home: context.home, file: context.configFile, env: context.env });
  if (!reading.ok) return undefined;
  const service = Object.values(reading.loaded.config.services).find((one) => one.preset === 'gateway');
  return service && { env: openEnv(service), start: service.start };
}

function notThere(): Finding {
  return {
    is: 'lacks',
    what: 'Gateway',
    text: 'the config asks for it, and there is neither ~/.openclaw nor ~/.clawdbot',
    fix: 'Set OPENCLAW_STATE_DIR under `env:` of the service when it lies elsewhere.',
  };
}

function notConfigured(): Finding {
  return {
    is: 'lacks',
    what: 'Gateway',
    text: 'is not in the config, so it is not watched',
    fix: 'Add `gateway: { preset: gateway }` under `services:`.',
  };
}

async function gateway(place: GatewayPlace, program: GatewayProgram | undefined): Promise<Finding> {
  const what = `Gateway ${place.brand}${program?.version === undefined ? '' : ` ${program.version}`}`;
  const lock = await readGatewayLock(place);
  const where = `in ${place.stateFolder}, port ${lock?.port ?? place.port}`;
  if (lock === undefined) return { is: 'good', what, text: `${where}; it does not run` };
  const owner = await findOwner(lock.process);
  const by =
    owner === undefined
      ? 'supervised by nobody'
      : owner === 'unknown'
        ? 'its owner cannot be asked'
        : `owner ${nameOwner(owner)}`;
  return {
    is: 'good',
    what,
    text: `${where}; runs (pid ${lock.process.pid}) for ${sayDuration(lock.process.ageMs)}, ${by}`,
  };
}

function noProgram({ brand }: GatewayPlace, missing: string): Finding {
  const [major, minor] = BRANDS[brand].node;
  return {
    is: 'lacks',
    what: `Command line of ${brand}`,
    text: `${missing}; as the last step of a recovery it cannot be asked`,
    fix: `Put ${brand} and a Node of ${major}.${minor} or newer on PATH, or set PATH under \`env:\` of the service.`,
  };
}

/** Its version, told by itself: with its own Node first on PATH and HOME as it is. */
async function selfTest(place: GatewayPlace, program: GatewayProgram, search: ProgramSearch): Promise<Finding> {
  const what = `Command line of ${place.brand}`;
  const by = `with ${program.node} (from ${program.from})`;
  const env = environmentFor(place, program.node, search.env['PATH']);
  const answer = await exec([program.node, program.entry, '--version'], { timeoutMs: SELF_TEST_MS, env });
  const said = answer.stdout.trim().split('\n')[0] ?? '';
  if (answer.ok && said !== '') return { is: 'good', what, text: `answers "${said}" ${by}` };
  const text = answer.trouble === undefined ? `says nothing ${by}` : `does not work ${by}: ${answer.trouble.message}`;
  return { is: 'lacks', what, text, fix: `${program.node} ${program.entry} --version` };
}
