/** Controls but tab and line feed, marks that turn or hide text (two joiners, which scripts need, are none), halves of pairs, what is no character. */
const unclean = /(?![\t\n\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Cn}\p{Zl}\p{Zp}]/gu;

/**
 * The same with every text in it made plain: whatever cannot be seen, steers a terminal, or makes text look like other
 * text becomes U+FFFD. Names and messages come from recipes, plans and servers.
 *
 * @param before what is done to each text first
 */
export function plain<T>(value: T, before: (text: string) => string = (text) => text): T {
  const clean = (text: string) => before(text).replace(unclean, '\ufffd');
  const walk = (one: unknown): unknown => {
    if (typeof one === 'string') return clean(one);
    if (Array.isArray(one)) return one.map(walk);
    if (typeof one !== 'object' || one === null) return one;
    return Object.fromEntries(Object.entries(one).map(([key, inner]) => [clean(key), walk(inner)]));
  };
  return walk(value) as T;
}
