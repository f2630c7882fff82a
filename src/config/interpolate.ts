import type { Finding } from './problems.ts';
import { isSecretName, replaceReferences, withoutReferences } from './secret.ts';
import type { Path } from './shape.ts';
import { hides } from './structure.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Replaces `${NAME}` in every text of the config except under `headers` and `env`, whose values become secrets and are
 * looked up when they are used. What is replaced here will be shown (addresses, paths, commands), so a variable that
 * is named like a secret is refused.
 */
export function interpolate(
  value: Readonly<Record<string, unknown>>,
  environment: Environment,
): { readonly value: Readonly<Record<string, unknown>>; readonly findings: readonly Finding[] } {
  const findings: Finding[] = [];
  const find = (path: Path, message: string, severity?: 'warning') => {
    findings.push({ path, message, ...(severity === undefined ? {} : { severity }) });
  };

  function text(raw: string, path: Path): string {
    if (!raw.includes('${')) return raw;
    if (withoutReferences(raw).includes('${'))
      find(path, `has a \${ that names no variable; write \${NAME}, or $\${ for the characters themselves`);
    const secret = hides(path);
    const replaced = replaceReferences(raw, (name, otherwise) => {
      const found = environment[name] ?? otherwise;
      if (!secret && isSecretName(name))
        find(path, `uses \${${name}}, but this value is shown in many places; secrets go into http.headers or env`);
      // A check that lacks its secret says so at every look; the rest of the config is still worth obeying.
      else if (found === undefined)
        find(path, `uses \${${name}}, which is not set in the environment`, secret ? 'warning' : undefined);
      return found ?? '';
    });
    return secret ? raw : replaced;
  }

  function walk(each: unknown, path: Path): unknown {
    if (typeof each === 'string') return text(each, path);
    if (Array.isArray(each)) return each.map((item, index) => walk(item, [...path, index]));
    if (typeof each !== 'object' || each === null) return each;
    return Object.fromEntries(Object.entries(each).map(([key, entry]) => [key, walk(entry, [...path, key])]));
  }

  const entries = Object.entries(value).map(([key, section]) => [key, walk(section, [key])] as const);
  return { value: Object.fromEntries(entries), findings };
}
