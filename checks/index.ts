import * as v from 'valibot';
import type { Assessment, Check, LookContext } from '../src/check.ts';
import { diskCheck } from './disk.ts';
import { gatewayCheck } from './gateway.ts';
import { httpCheck } from './http.ts';
import { logSizeCheck } from './log-size.ts';
import { memoryCheck } from './memory.ts';
import { processCheck } from './process.ts';
import { tcpCheck } from './tcp.ts';

/** A check of which only the name is known. */
export type AnyCheck = {
  readonly name: string;
  readonly summary: string;
  readonly options: v.GenericSchema;
  /**
   * One look: `observe`, then `assess`. Options are validated once an object; what a check remembers between looks hangs
   * on that object, so pass the same one as long as the config is the same. Throws when the check could not look.
   */
  readonly look: (options: object, context: LookContext) => Promise<Assessment>;
  readonly glance: Check<never, never>['glance'];
};

function anyCheck<Options extends object, Sight>(check: Check<Options, Sight>): AnyCheck {
  const valid = new WeakMap<object, Options>();
  return {
    name: check.name,
    summary: check.summary,
    options: check.options,
    glance: check.glance,
    look: async (given, context) => {
      let options = valid.get(given);
      if (options === undefined) {
        options = v.parse(check.options, given);
        valid.set(given, options);
      }
      return check.assess(await check.observe(options, context), options);
    },
  };
}

export const checks: readonly AnyCheck[] = [
  anyCheck(processCheck),
  anyCheck(httpCheck),
  anyCheck(tcpCheck),
  anyCheck(gatewayCheck),
  anyCheck(diskCheck),
  anyCheck(memoryCheck),
  anyCheck(logSizeCheck),
];

const byName: ReadonlyMap<string, AnyCheck> = new Map(checks.map((check) => [check.name, check]));

export function checkNamed(name: string): AnyCheck | undefined {
  return byName.get(name);
}
