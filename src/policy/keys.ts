import { shapeOf, widened } from './contain.ts';

/** Who may write below these can give any right: by policies, by roles and tokens, by entities and groups. */
const keys = ['sys', 'auth', 'identity'];

/** With one of these behind the path of its engine a path is about the secrets of KV version 2, by whatever name. */
const kvWords = ['data', 'metadata', 'delete', 'undelete', 'destroy', 'subkeys'];

/**
 * Whether some request that a policy path is about lies below sys/, auth/ or identity/ of the root or, since policies of
 * OpenBao's root name the paths of child namespaces too, of anything in front: `team/sys/…`. `named`: the path says so;
 * `may`: its `*`, a `+` or a template may stand for it.
 */
export function reachesKeys(path: string): 'named' | 'may' | undefined {
  const inner = path.replace(/\*$/, '').split('/').slice(0, -1);
  if (inner.some((segment) => keys.includes(segment))) return 'named';
  const { segmented, prefix } = shapeOf(widened(path));
  return prefix || (segmented && inner.includes('+')) ? 'may' : undefined;
}

/**
 * Whether an entry of a ceiling, which holds the path, lets it reach what gives rights.
 *
 * Law: what lies below sys/, auth/ or identity/, at any depth, is reached only by an entry that has that word as a whole
 * segment in front of its first `+` or `*`. One entry more lets a path whose `*`, `+` or template may become such a
 * segment be: one that has a word of KV version 2 there, behind the path of an engine (`secret/data/shop/*`), since
 * every path of secrets ends in a `*`. A path that names the segment itself is never let be so: a child namespace may
 * be called like any path.
 */
export function admitsKeys(entry: string, path: string): boolean {
  const reached = reachesKeys(path);
  if (reached === undefined) return true;
  const said = literalSegments(entry);
  if (said.some((segment) => keys.includes(segment))) return true;
  return reached === 'may' && said.slice(1).some((segment) => kvWords.includes(segment));
}

/** Those that no + or * is or lengthens, up to the first that is. */
function literalSegments(entry: string): string[] {
  const { prefix, fixed } = shapeOf(entry);
  const segments = prefix ? fixed.split('/').slice(0, -1) : fixed.split('/');
  const plus = segments.indexOf('+');
  return plus === -1 ? segments : segments.slice(0, plus);
}
