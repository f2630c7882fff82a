import { nearest } from './nearest.ts';
import type { Finding } from './problems.ts';
import { quote } from './schema/option.ts';
import { type Path, type Shape, shapeAt, writePath } from './shape.ts';

/**
 * Unknown keys, all of them, and lists where a map belongs. Ours to find: valibot stops at the first unknown key of a
 * map, and takes a list for an object.
 */
export function structureFindings(value: unknown, root: Shape): readonly Finding[] {
  const findings: Finding[] = [];
  const walk = (each: unknown, shape: Shape, path: Path): void => {
    if (typeof each !== 'object' || each === null || shape.is === 'scalar') return;
    if (shape.is === 'either') return walk(each, shape.long, path);
    if (Array.isArray(each)) {
      if (shape.is === 'list') for (const [index, item] of each.entries()) walk(item, shape.item, [...path, index]);
      else findings.push(wrongForm(path, each, root));
      return;
    }
    if (shape.is === 'list') return;
    for (const [key, entry] of Object.entries(each)) {
      const next =
        shape.is === 'record' ? shape.value : Object.hasOwn(shape.entries, key) ? shape.entries[key] : undefined;
      if (next) walk(entry, next, [...path, key]);
      else findings.push(unknownKey([...path, key], root));
    }
  };
  walk(value, root, []);
  return findings;
}

/** A scalar, list or map where something else belongs. */
export function wrongForm(path: Path, input: unknown, root: Shape): Finding {
  const shape = shapeAt(root, path);
  const wanted = formOf(shape);
  if (input === null) return { path, message: `has no value, ${wanted} is needed`, allowed: wanted };
  const message = `is ${hides(path) ? 'of the wrong form' : quote(input)}, ${wanted} is needed`;
  const isList = shape?.is === 'list' || (shape?.is === 'either' && shape.long.is === 'list');
  const asList =
    isList && typeof input === 'string' && input.length < 80 ? `[${input.trim().split(/\s+/).join(', ')}]` : undefined;
  return { path, message, allowed: wanted, ...(asList === undefined ? {} : { didYouMean: asList }) };
}

function unknownKey(path: Path, root: Shape): Finding {
  const known = keysOf(shapeAt(root, path.slice(0, -1)));
  const meant = nearest(String(path.at(-1)), known);
  const elsewhere = otherPlace(path, root);
  return {
    path,
    message: elsewhere === undefined ? 'is not a known key' : `does not belong here, it is ${elsewhere}`,
    allowed: known.join(', '),
    ...(meant === undefined || elsewhere !== undefined ? {} : { didYouMean: meant }),
  };
}

/** A known key one level too deep or too high: `services.hub.policy.hungAfter` is `services.hub.hungAfter`. */
function otherPlace(path: Path, root: Shape): string | undefined {
  const key = path.at(-1);
  if (key === undefined) return undefined;
  const above = path.slice(0, -1);
  const places: Path[] = [
    [...above.slice(0, -1), key],
    [...above, 'policy', key],
    ['policy', key],
    ['limits', key],
    ['alerts', key],
    [key],
  ];
  // Not into a record: every name fits there, so it would prove nothing.
  const fits = (place: Path) =>
    shapeAt(root, place) !== undefined && shapeAt(root, place.slice(0, -1))?.is !== 'record';
  const found = places.find((place) => fits(place) && writePath(place) !== writePath(path));
  return found && writePath(found);
}

function formOf(shape: Shape | undefined): string {
  if (shape === undefined) return 'something else';
  if (shape.is === 'either')
    return shape.short.is === 'scalar' ? `${shape.short.kind.wanted} or ${formOf(shape.long)}` : formOf(shape.long);
  if (shape.is === 'list') return 'a list (in [brackets], or lines that begin with -)';
  return shape.is === 'scalar' ? shape.kind.wanted : 'a map (lines of key: value)';
}

function keysOf(shape: Shape | undefined): readonly string[] {
  if (shape?.is === 'either') return keysOf(shape.long);
  return shape?.is === 'map' ? Object.keys(shape.entries) : [];
}

/** Values under `headers` and `env` are never quoted. */
export function hides(path: Path): boolean {
  return path.length > 3 && path[0] === 'services' && (path.includes('headers', 2) || path[2] === 'env');
}
