import type { TargetKind } from '../core/plan.ts';
import { nearest } from './nearest.ts';
import { SHIPPED } from './playbook-names.ts';
import type { Finding } from './problems.ts';
import type { Config } from './schema/config.ts';
import { quote } from './schema/option.ts';
import type { Path } from './shape.ts';

/** `own`: names of the files in the home folder; what those are for is known only once they are read. */
export function playbookRules(
  { services, policy }: Config,
  { own, wrote }: { readonly own: readonly string[]; readonly wrote: (path: Path) => boolean },
): readonly Finding[] {
  const places: readonly (readonly [Path, TargetKind, readonly string[] | undefined])[] = [
    ...Object.entries(services).map(
      ([name, { playbook }]) => [['services', name, 'playbook'], 'service', playbook] as const,
    ),
    ...(['disk', 'memory', 'logs'] as const).map(
      (kind) => [['policy', kind, 'playbook'], kind, policy[kind].playbook] as const,
    ),
  ];
  return places.flatMap(([path, kind, names = []]) =>
    names.flatMap((name, index): Finding[] => {
      const trouble = troubleOf(name, kind, own);
      const item = [...path, index];
      return trouble === undefined ? [] : [{ path: wrote(item) ? item : path, ...trouble }];
    }),
  );
}

function troubleOf(name: string, kind: TargetKind, own: readonly string[]): Omit<Finding, 'path'> | undefined {
  if (own.includes(name)) return undefined;
  const isFor = Object.hasOwn(SHIPPED, name) ? SHIPPED[name] : undefined;
  if (isFor === kind) return undefined;
  const fitting = Object.keys(SHIPPED).filter((each) => SHIPPED[each] === kind);
  const known = [...new Set([...fitting, ...own])];
  if (isFor !== undefined)
    return { message: `is ${name}, which is for ${isFor}, not for ${kind}; there are ${fitting.join(', ')}` };
  const meant = nearest(name, known);
  return {
    message: `is ${quote(name)}, which is no playbook; there are ${known.join(', ')}, and your own in playbooks/`,
    allowed: known.join(', '),
    ...(meant === undefined ? {} : { didYouMean: meant }),
  };
}
