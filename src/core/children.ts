import type { Plan } from './plan.ts';
import type { TargetId } from './types.ts';

export type Children = ReadonlyMap<TargetId, readonly TargetId[]>;

/** Who names whom as a parent; targets without children are not in it. */
export function childrenOf(plan: Plan): Children {
  const children = new Map<TargetId, TargetId[]>();
  for (const { id, parents } of Object.values(plan.targets)) {
    for (const parent of parents) {
      const known = children.get(parent);
      if (known === undefined) children.set(parent, [id]);
      else known.push(id);
    }
  }
  return children;
}

/** All that depend on a target, the nearest first; each once, also where they depend on each other in a circle. */
export function dependentsOf(children: Children, target: TargetId): readonly TargetId[] {
  const found = new Set<TargetId>([target]);
  for (const one of found) for (const child of children.get(one) ?? []) found.add(child);
  found.delete(target);
  return [...found];
}
