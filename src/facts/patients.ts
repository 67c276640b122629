import type { Recipe } from '../recipe/recipe.ts';
import type { Patient } from './patient.ts';

/** One patient for each login that the recipe expects, to succeed or to be refused; the mount alone when it expects none. */
export function patientsOf(recipe: Recipe): Patient[] {
  const mount = recipe.auth.path;
  if (recipe.expect.length === 0) return [{ mount, can: [], cannot: [], recipe }];
  return recipe.expect.map(({ role, service_account, can, cannot, login, implied }) => ({
    mount,
    role,
    service_account,
    can,
    cannot,
    recipe,
    implied,
    ...(login === 'refused' ? { stranger: true } : {}),
  }));
}
