import { badRequest, type Reply } from './reply.ts';
import type { Route } from './routes.ts';

export type Match =
  | { readonly found: true; readonly route: Route; readonly parts: readonly string[] }
  | { readonly found: false; readonly reply: Reply };

/** Which route a request means; 404 and 405 (with Allow) as RFC 9110 wants them. HEAD is a GET without its body. */
export function matchRoute(routes: readonly Route[], method: string, path: string): Match {
  const pieces = path.split('/').map(decode);
  if (pieces.includes(undefined))
    return miss(badRequest('The path is not well encoded.', 'Percent-encode names in the path.'));
  const here = routes.flatMap((route) => {
    const parts = partsOf(route.path.split('/'), pieces);
    return parts === undefined ? [] : [{ route, parts }];
  });
  const wanted = method === 'HEAD' ? 'GET' : method;
  const match = here.find(({ route }) => route.method === wanted);
  if (match !== undefined) return { found: true, ...match };
  if (here.length === 0) return miss(badRequest('There is nothing here.', 'docs/http.md lists the routes.', 404));
  const allow = [
    ...new Set(here.flatMap(({ route }) => (route.method === 'GET' ? ['GET', 'HEAD'] : [route.method]))),
  ].join(', ');
  return miss({ ...badRequest(`${method} is not possible here.`, `Use ${allow}.`, 405), headers: { allow } });
}

function miss(reply: Reply): Match {
  return { found: false, reply };
}

function partsOf(pattern: readonly string[], pieces: readonly (string | undefined)[]): readonly string[] | undefined {
  if (pattern.length !== pieces.length) return undefined;
  const parts: string[] = [];
  for (const [i, want] of pattern.entries()) {
    const piece = pieces[i] ?? '';
    if (want === '{}' && piece !== '') parts.push(piece);
    else if (want !== piece) return undefined;
  }
  return parts;
}

function decode(piece: string): string | undefined {
  try {
    return decodeURIComponent(piece);
  } catch {
    return undefined;
  }
}
