import { shapeOf } from './contain.ts';

/** Who may write below these can give any right: by policies, by roles and tokens, by entities and groups. */
const keys = ['sys', 'auth', 'identity'];

/**
 * Whether some request that a policy path is about lies below sys/, auth/ or identity/ of the root or, since policies of
 * OpenBao's root name the paths of child namespaces too, of anything in front: `team/sys/…`.
 */
export function reachesKeys(path: string): boolean {
  const { segmented, prefix, fixed } = shapeOf(path);
  // What follows a * may hold any segment.
  if (prefix) return true;
  const inner = fixed.split('/').slice(0, -1);
  return inner.some((segment) => keys.includes(segment) || (segmented && segment === '+'));
}

/**
 * Whether an entry of a ceiling, which holds the path, says that what gives rights is meant: it names one of the keys
 * as a segment, with the same segments in front as the path. Two whole segments in front of any + or * do as well:
 * whoever writes `secret/data/` knows what is there.
 */
export function namesKeys(entry: string, path: string): boolean {
  const named = wholeSegments(entry);
  const plus = named.indexOf('+');
  if ((plus === -1 ? named.length : plus) >= 2) return true;
  const given = path.split('/');
  return named.some(
    (segment, index) => keys.includes(segment) && named.slice(0, index + 1).every((one, at) => one === given[at]),
  );
}

/** Those of an entry that no * can lengthen. */
function wholeSegments(entry: string): string[] {
  const { prefix, fixed } = shapeOf(entry);
  const segments = fixed.split('/');
  return prefix ? segments.slice(0, -1) : segments;
}
