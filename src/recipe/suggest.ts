import { closest, distance } from 'fastest-levenshtein';

/** The known word that was probably meant; undefined when none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0 || word.length > 100) return undefined;
  const folded = word.toLowerCase().replaceAll('-', '_');
  const found = known.find((one) => one.toLowerCase().replaceAll('-', '_') === folded) ?? closest(word, [...known]);
  const longer = Math.max(found.length, word.length);
  const allowed = longer < 4 ? 1 : Math.max(2, Math.floor(longer / 3));
  return found !== word && distance(folded, found.toLowerCase()) <= allowed ? found : undefined;
}

/** `; did you mean "x"?`, or nothing. */
export function didYouMean(word: string | undefined): string {
  return word === undefined ? '' : `; did you mean "${word}"?`;
}
