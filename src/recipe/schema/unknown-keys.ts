import type { z } from 'zod';
import type { Path } from '../source/place.ts';
import { didYouMean, nearest } from '../suggest.ts';
import { recipeSchema } from './index.ts';
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
  const meant = word ?? nearest(key, keysOf(schemaAt(path)));
  return meant === undefined ? elsewhere(key) : didYouMean(meant);
}

function elsewhere(key: string): string {
  const home = sections().filter(({ keys }) => keys.includes(key));
  return home.length === 1 ? `; it belongs in ${home[0]?.section || 'the top level'}` : '';
}

function sections(): { section: string; keys: string[] }[] {
  return Object.keys(otherWords).map((section) => {
    const path = section.split(/\.|(?=\[\])/).filter((step) => step !== '');
    return { section, keys: keysOf(schemaAt(path.map((step) => (step === '[]' ? 0 : step)))) };
  });
}

type Loose = z.core.$ZodType & { shape?: Record<string, Loose>; element?: Loose; unwrap?: () => Loose };

function schemaAt(path: Path): Loose | undefined {
  return path.reduce<Loose | undefined>(
    (schema, step) => {
      const inner = bare(schema);
      return typeof step === 'number' ? inner?.element : inner?.shape?.[step];
    },
    recipeSchema as unknown as Loose,
  );
}

function bare(schema: Loose | undefined): Loose | undefined {
  return schema?.unwrap && !schema.shape && !schema.element ? schema.unwrap() : schema;
}

function keysOf(schema: Loose | undefined): string[] {
  return Object.keys(bare(schema)?.shape ?? {});
}
