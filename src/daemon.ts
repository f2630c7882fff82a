import { homedir } from 'node:os';
import { type LoadedConfig, loadConfig } from './config/load.ts';
import { pendingFileOf } from './config/pending-file.ts';
import { compilePlan } from './config/plan.ts';
import type { Plan, TargetPlan } from './core/plan.ts';
import type { TargetId } from './core/types.ts';
import { examineGateways, findGateways } from './gateways.ts';
import { bootId } from './host/boot-id.ts';
import { createClock, wallMs } from './host/clock.ts';
import { cutServiceLogs } from './host/cut-service-logs.ts';
import { listMounts } from './host/files.ts';
import { lookAt, readProcess } from './host/processes.ts';
import { runLife } from './life.ts';
import { openLog } from './log.ts';
import { openPlaybooks, type Playbooks } from './open-playbooks.ts';
import { writeConfigSchema } from './store/config-schema.ts';
import { openHome } from './store/home.ts';
import { acquireLock } from './store/lock.ts';
import { openStore } from './store/store.ts';

export type DaemonOptions = {
  readonly home: string;
  readonly configFile: string | undefined;
  /** Looks only, whatever the config says. */
  readonly observe: boolean;
  readonly version: string;
  /** Lives for one pass of `check --recover` only. */
  readonly pass?: RecoveryPass;
};

export type RecoveryPass = {
  /** Only these are acted upon. */
  readonly targets: readonly TargetId[];
  /** Aborts when the pass is over. */
  readonly signal: AbortSignal;
};

/**
 * Runs the daemon until it is told to stop; resolves to the exit code. Throws a PersonError when it cannot start:
 * DAEMON_RUNNING, HOME_NOT_WRITABLE, CONFIG_INVALID, CONFIG_UNREADABLE, SAVE_FAILED.
 */
export async function runDaemon(options: DaemonOptions): Promise<number> {
  const home = openHome(options.home);
  const self = await readProcess(process.pid);
  const identity = { pid: process.pid, startToken: self?.startToken ?? '', bootId: bootId() };
  let acting = false;
  const lock = await acquireLock(home.paths.lock, { self: identity, isAlive: (holder) => lookAt(holder) !== 'gone' });
  try {
    const loaded = await loadConfig({ home: home.path, file: options.configFile, env: process.env });
    const playbooks = await openPlaybooks(home.path, homedir());
    const { level, maxSize, keep } = loaded.config.log;
    const { log, diskFull, close } = await openLog({ folder: home.paths.logs, level, maxBytes: maxSize, keep });
    const store = await openStore({
      home,
      clockNow: wallMs,
      pendingFile: pendingFileOf(loaded),
      onNotice: (notice) => log.warn({ code: notice.code, text: notice.text }, 'notice'),
      onDiskFull: diskFull,
      makeRoom: () => void cutServiceLogs(home.paths.serviceLogs),
    });
    // For editors only: without it all else works.
    const schema = writeConfigSchema(home.paths.configSchema).catch((error: unknown) =>
      log.warn({ problem: String(error) }, 'config schema not written'),
    );
    const clock = createClock(store.state.clock.bootId === '' ? undefined : store.state.clock);
    try {
      const end = await runLife({
        home,
        options,
        loaded,
        store,
        clock,
        log,
        playbooks,
        compile: (config) => planOf(config, options, home.path, playbooks),
      });
      acting = end.acting;
      return end.code;
    } finally {
      await schema;
      await store.close();
      log.info('daemon stopped');
      await close();
    }
  } finally {
    // While something here may still act, only the end of this process makes room for another daemon.
    if (acting) process.exit();
    lock.release();
  }
}

async function planOf(loaded: LoadedConfig, options: DaemonOptions, home: string, playbooks: Playbooks): Promise<Plan> {
  const gateways = await examineGateways(await findGateways(loaded), loaded);
  const mounts = await listMounts();
  const plan = playbooks.equipped((equip) =>
    compilePlan(loaded, { mounts, homeFolder: homedir(), home, gateways, equip }),
  );
  if (options.pass !== undefined) return planOfPass(plan, options.pass.targets);
  return options.observe ? { ...plan, mode: 'observe' } : plan;
}

/**
 * Nothing is brought up in a pass: a start is an attempt there, so that cooldown and limits hold from pass to pass
 * however often cron begins one.
 */
function planOfPass(plan: Plan, chosen: readonly TargetId[]): Plan {
  const targets = Object.entries(plan.targets).map(([id, target]): [TargetId, TargetPlan] => [
    id,
    { ...target, bringUp: false, mode: chosen.includes(id) ? target.mode : 'observe' },
  ]);
  return { ...plan, targets: Object.fromEntries(targets) };
}
