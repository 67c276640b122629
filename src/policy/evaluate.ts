import type { ServerProduct } from '../model/server-product.ts';
import { merged } from './merge.ts';
import type { Capability, Meaning, PolicyRule } from './rule.ts';

/**
 * What these rules, of one policy or of all of a token's policies, allow on an API path, as sys/capabilities answers:
 * an exact path wins over patterns, the closest pattern over wider ones, and only the winner counts. `['deny']` when
 * nothing is allowed. Templates (`{{…}}`) are taken as they stand; expired blocks do not count.
 */
export function capabilitiesOf(
  rules: PolicyRule[],
  path: string,
  product: ServerProduct,
  now: Date = new Date(),
): Capability[] {
  const winner = winnerOf(rules, path, product, now);
  return winner && winner.capabilities.length > 0 ? winner.capabilities : ['deny'];
}

/** What the one path that counts comes to: its capabilities, and what it asks of the parameters of a write. */
export function winnerOf(
  rules: PolicyRule[],
  path: string,
  product: ServerProduct,
  now: Date = new Date(),
): Meaning | undefined {
  const alive = rules.filter(({ expiration }) => expiration === undefined || expiration * 1000 >= now.getTime());
  const asked = path.replace(/^\/+/, '');
  const folder = asked.replace(/\/$/, '');
  const about = alive.filter((rule) => speaksOf(rule, asked) || speaksOf(rule, folder));
  const meanings = [...merged(about.map(({ expiration: _expiration, ...rule }) => rule)).values()];
  // A path with a slash at the end is that of a LIST, which may be allowed without it.
  const order = product === 'vault' ? [folder, asked] : [asked, folder];
  const [first = asked, second = asked] = order;
  return exact(meanings, asked) ?? exact(meanings, folder) ?? closest(meanings, first) ?? closest(meanings, second);
}

/** Joining rules is dear, so those about other paths are left out before. What a template comes to is seen after. */
function speaksOf({ path: pattern }: PolicyRule, path: string): boolean {
  return pattern === path || pattern.includes('{{') || matches(pattern, path);
}

function exact(meanings: Meaning[], path: string): Meaning | undefined {
  return meanings.find((meaning) => meaning.path === path && !isPattern(path));
}

function closest(meanings: Meaning[], path: string): Meaning | undefined {
  return meanings.filter((meaning) => matches(meaning.path, path)).sort((a, b) => compare(a.path, b.path))[0];
}

function isPattern(path: string): boolean {
  return hasSegments(path) || path.endsWith('*');
}

/** As the servers decide it: `+` counts only at the start of a segment. */
function hasSegments(path: string): boolean {
  return path === '+' || path.startsWith('+/') || path.includes('/+');
}

function matches(pattern: string, path: string): boolean {
  const prefix = pattern.endsWith('*');
  const fixed = prefix ? pattern.slice(0, -1) : pattern;
  if (!hasSegments(pattern)) return prefix && path.startsWith(fixed);
  const wanted = fixed.split('/');
  const given = path.split('/');
  if (given.length < wanted.length || (!prefix && given.length !== wanted.length)) return false;
  return wanted.every((segment, index) => {
    const part = given[index] ?? '';
    const last = prefix && index === wanted.length - 1;
    return segment === '+' || segment === part || (last && part.startsWith(segment));
  });
}

/** The closer pattern first: later wildcard, no `*`, fewer `+`, longer, then by the alphabet. */
function compare(a: string, b: string): number {
  const [first, second] = [rank(a), rank(b)];
  for (const [index, value] of first.entries()) {
    const difference = (second[index] ?? 0) - value;
    if (difference !== 0) return difference;
  }
  return a < b ? 1 : -1;
}

function rank(pattern: string): number[] {
  const prefix = pattern.endsWith('*');
  const fixed = prefix ? pattern.slice(0, -1) : pattern;
  const plus = hasSegments(pattern) ? pattern.indexOf('+') : fixed.length;
  const wildcards = hasSegments(pattern) ? fixed.split('/').filter((segment) => segment === '+').length : 0;
  return [plus, prefix ? 0 : 1, -wildcards, fixed.length];
}
