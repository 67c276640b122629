import type { Path } from '../source/place.ts';
import { didYouMean, nearest } from '../suggest.ts';
import { recipeSchema } from './index.ts';
import { keysAt } from './keys-at.ts';
import { otherWords } from './words.ts';

/** What to add to "unknown key": the key that was meant, or where the thing is said instead. */
export function unknownKeyMessage(path: Path, key: string): string {
  const section = path
    .map((step) => (typeof step === 'number' ? '[]' : `.${step}`))
    .join('')
    .slice(1);
  const words = otherWords[section];
  const word = words && Object.hasOwn(words, key) ? words[key] : undefined;
  if (word?.includes(' ')) return `; ${word}`;
  const meant = word ?? nearest(key, keysAt(recipeSchema, path));
  return meant === undefined ? elsewhere(key) : didYouMean(meant);
}

function elsewhere(key: string): string {
  const home = sections().filter(({ keys }) => keys.includes(key));
  return home.length === 1 ? `; it belongs in ${home[0]?.section || 'the top level'}` : '';
}

function sections(): { section: string; keys: string[] }[] {
  return Object.keys(otherWords).map((section) => {
    const path = section.split(/\.|(?=\[\])/).filter((step) => step !== '');
    return {
      section,
      keys: keysAt(
        recipeSchema,
        path.map((step) => (step === '[]' ? 0 : step)),
      ),
    };
  });
}
