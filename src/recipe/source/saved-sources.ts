import { dirname, join } from 'node:path';
import type { Library, Refusal } from './files.ts';

/** All that a recipe was read from. Reading it again from this gives the same recipe, with no file there. */
export interface RecipeSources {
  /** As named by `-f`, in order. */
  files: { file: string; text: string }[];
  /** Those named by `-f` that are folders; absent for none. */
  folders?: string[] | undefined;
  /** Files that recipes name: policies and the CA. */
  beside: { recipe: string; named: string; text: string }[];
  /** The variables that `${env:…}` used; null: it was not set. */
  environment: Record<string, string | null>;
}

/** Notes what is read from a library. */
export function noted(library: Library, sources: RecipeSources): Library {
  return {
    recipe: (given) => {
      const answer = library.recipe(given);
      if ('text' in answer) sources.files.push({ file: given, text: answer.text });
      return answer;
    },
    beside: (recipe, named, endings) => {
      const answer = library.beside(recipe, named, endings);
      const before = sources.beside.some((one) => one.recipe === recipe.given && one.named === named);
      if ('text' in answer && !before) sources.beside.push({ recipe: recipe.given, named, text: answer.text });
      return answer;
    },
  };
}

/** The files of a recipe that was read before. */
export function kept({ files, beside }: RecipeSources): Library {
  return {
    recipe: (given) => {
      const found = files.find(({ file }) => file === given);
      return found ? { given, text: found.text, folder: '', path: given } : missing;
    },
    beside: ({ given }, named) => {
      const found = beside.find((one) => one.recipe === given && one.named === named);
      return found ? { file: given === '-' ? named : join(dirname(given), named), text: found.text } : missing;
    },
  };
}

const missing: Refusal = { code: 'recipe-unreadable', message: 'is not among the files that were kept' };

/** What a saved plan begins with as its format. */
export const planFormat = 'vaultbind-plan';

export function beginsAsPlan(text: string): boolean {
  return new RegExp(`^\\s*\\{\\s*"format":\\s*"${planFormat}"`).test(text);
}
