import type { BaseIssue } from 'valibot';
import type { Finding } from './problems.ts';
import { type Path, type Shape, shapeAt } from './shape.ts';
import { hides, wrongForm } from './structure.ts';

/** What valibot found, in our words; undefined for what structure.ts reports. */
export function findingOf(issue: BaseIssue<unknown>, root: Shape): Finding | undefined {
  // A list taken for an object: the list itself is reported.
  if (issue.path?.some(({ type, input }) => type === 'object' && Array.isArray(input))) return undefined;
  const path: Path = (issue.path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key)));
  switch (issue.type) {
    case 'strict_object':
      if (issue.expected === 'never') return undefined;
      return issue.path?.at(-1)?.origin === 'key' ? missingKey(path, root) : wrongForm(path, issue.input, root);
    case 'record':
    case 'array':
      return wrongForm(path, issue.input, root);
    case 'min_length':
      return { path, message: 'is empty, at least one is needed' };
    default:
      return {
        path,
        message: hideSecrets(path, issue.message),
        ...(issue.expected === null ? {} : { allowed: issue.expected }),
      };
  }
}

function missingKey(path: Path, root: Shape): Finding {
  const shape = shapeAt(root, path);
  const wanted = shape?.is === 'scalar' ? `, ${shape.kind.wanted} is needed` : '';
  return { path, message: `is missing${wanted}` };
}

function hideSecrets(path: Path, message: string): string {
  return hides(path) ? message.replace(/is .*?, /s, 'is not fitting, ') : message;
}
