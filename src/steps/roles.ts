import type { Recipe, Role } from '../recipe/recipe.ts';

const indexes = new WeakMap<Recipe, Map<string, Role>>();

/** The recipe's role of that name; undefined when it defines none. Asked for each of a thousand logins, so by index. */
export function roleOf(recipe: Recipe, name: string): Role | undefined {
  const index = indexes.get(recipe) ?? new Map(recipe.roles.map((role) => [role.name, role]));
  indexes.set(recipe, index);
  return index.get(name);
}
