/** In groups of the same key, in the order in which they come. */
export function grouped<T>(all: T[], keyOf: (one: T) => string): [key: string, ones: T[]][] {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const key = keyOf(one);
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return [...groups];
}
