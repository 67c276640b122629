import type { Recipe } from '../recipe/recipe.ts';

/** What is made of a recipe, made once however many of its logins ask: ten thousand that look through it all take minutes. */
export function oncePerRecipe<T>(make: (recipe: Recipe) => T): (recipe: Recipe) => T {
  const made = new WeakMap<Recipe, { value: T }>();
  return (recipe) => {
    const known = made.get(recipe) ?? { value: make(recipe) };
    made.set(recipe, known);
    return known.value;
  };
}
