/** Names in a sentence. */
const mostNamed = 10;

/** `a, b`; of many the first ten, and how many more there are. */
export function firstNamed(names: readonly string[]): string {
  const left = names.length - mostNamed;
  return `${names.slice(0, mostNamed).join(', ')}${left > 0 ? ` and ${left} more` : ''}`;
}
