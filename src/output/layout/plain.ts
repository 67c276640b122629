import { replaceUnseen } from '../../model/unseen.ts';

/**
 * The same with every text in it made plain: whatever is in the set of unseen.ts becomes U+FFFD. Names and messages come from recipes, plans and servers.
 *
 * @param before what is done to each text first
 */
export function plain<T>(value: T, before: (text: string) => string = (text) => text): T {
  const clean = (text: string) => replaceUnseen(before(text), () => '\ufffd');
  const walk = (one: unknown): unknown => {
    if (typeof one === 'string') return clean(one);
    if (Array.isArray(one)) return one.map(walk);
    if (typeof one !== 'object' || one === null) return one;
    return Object.fromEntries(Object.entries(one).map(([key, inner]) => [clean(key), walk(inner)]));
  };
  return walk(value) as T;
}
