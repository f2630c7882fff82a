import * as v from 'valibot';
import type { Action, ActionContext, ActionOutcome } from '../src/action.ts';
import { cleanDisk } from './clean-disk.ts';
import { gatewayCliRestart } from './gateway-cli-restart.ts';
import { reportTopProcesses } from './report-top-processes.ts';
import { resetFailed } from './reset-failed.ts';
import { restartService } from './restart-service.ts';
import { restoreFile } from './restore-file.ts';
import { rotateLog } from './rotate-log.ts';
import { runCommand } from './run-command.ts';
import { signalProcess } from './signal-process.ts';
import { stopProcess } from './stop-process.ts';
import { waitHealthy } from './wait-healthy.ts';

/** An action of which only the name is known. `run` validates the options and throws when they are wrong. */
export type AnyAction = {
  readonly name: string;
  readonly summary: string;
  readonly options: v.GenericSchema;
  readonly takes?: readonly string[];
  readonly run: (options: unknown, context: ActionContext) => Promise<ActionOutcome>;
};

function anyAction<Options>(action: Action<Options>): AnyAction {
  return { ...action, run: async (options, context) => await action.run(v.parse(action.options, options), context) };
}

export const actions: readonly AnyAction[] = [
  anyAction(restartService),
  anyAction(gatewayCliRestart),
  anyAction(stopProcess),
  anyAction(signalProcess),
  anyAction(waitHealthy),
  anyAction(runCommand),
  anyAction(resetFailed),
  anyAction(restoreFile),
  anyAction(rotateLog),
  anyAction(cleanDisk),
  anyAction(reportTopProcesses),
];

const byName: ReadonlyMap<string, AnyAction> = new Map(actions.map((action) => [action.name, action]));

export function actionNamed(name: string): AnyAction | undefined {
  return byName.get(name);
}
