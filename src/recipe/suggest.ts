import { closest, distance } from 'fastest-levenshtein';

/** The known word that was probably meant; undefined when none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0 || word.length > 100) return undefined;
  const fold = (one: string) => one.toLowerCase().replaceAll('-', '_');
  const found = known.find((one) => fold(one) === fold(word)) ?? closest(word, [...known]);
  const longer = Math.max(found.length, word.length);
  const allowed = longer < 4 ? 1 : Math.max(2, Math.floor(longer / 3));
  return found !== word && distance(fold(word), fold(found)) <= allowed ? found : undefined;
}

/** `nearest`, where not so many ask among so many that it would take long; `askers`: lists whose entries all may ask. */
export function nearestOfFew(word: string, known: readonly string[], ...askers: unknown[][]): string | undefined {
  const comparisons = askers.reduce((product, { length }) => product * length, known.length);
  return comparisons > 250_000 ? undefined : nearest(word, known);
}

/** The same names, the most alike first: for where the one that is meant stands among few. */
export function byLikeness(word: string, known: readonly string[]): string[] {
  return known.toSorted((one, other) => distance(word, one) - distance(word, other));
}

/** `; did you mean "x"?`, or nothing: also for what is too long to be meant. */
export function didYouMean(word: string | undefined): string {
  return word === undefined || word.length > 200 ? '' : `; did you mean "${word}"?`;
}
