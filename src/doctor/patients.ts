import type { Recipe } from '../recipe/recipe.ts';
import type { Patient } from './patient.ts';

/** One patient for each login that the recipe expects to succeed; the mount alone when it expects none. */
export function patientsOf(recipe: Recipe): Patient[] {
  const mount = recipe.auth.path;
  const logins = recipe.expect.filter(({ login }) => login === 'ok');
  if (logins.length === 0) return [{ mount, can: [], cannot: [], recipe }];
  return logins.map(({ role, service_account, can, cannot }) => ({
    mount,
    role,
    service_account,
    can,
    cannot,
    recipe,
  }));
}
