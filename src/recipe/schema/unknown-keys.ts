import type { Path } from '../source/place.ts';
import { didYouMean, nearest } from '../suggest.ts';
import { recipeSchema } from './index.ts';
import { keysAt } from './keys-at.ts';
import { otherWords } from './words.ts';

/** What to add to "unknown key": the key that was meant, or where the thing is said instead. */
export function unknownKeyMessage(path: Path, key: string): string {
  const word = wordFor(path, key);
  if (word?.includes(' ')) return `; ${word}`;
  const meant = keyMeant(path, key);
  return meant === undefined ? elsewhere(key) : didYouMean(meant);
}

/** The key of the same section that was meant. */
export function keyMeant(path: Path, key: string): string | undefined {
  const word = wordFor(path, key);
  return word?.includes(' ') ? undefined : (word ?? nearest(key, keysAt(recipeSchema, path)));
}

function wordFor(path: Path, key: string): string | undefined {
  const section = path
    .map((step) => (typeof step === 'number' ? '[]' : `.${step}`))
    .join('')
    .slice(1);
  const words = otherWords[section];
  return words && Object.hasOwn(words, key) ? words[key] : undefined;
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
