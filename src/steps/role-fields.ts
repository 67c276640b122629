import type { AuthType } from '../recipe/auth-types/auth-type.ts';
import type { Role } from '../recipe/recipe.ts';

/** Every field of the table, absent ones as the server's default. */
export function roleDocument({ role: fields }: AuthType, role: Role): Record<string, unknown> {
  const wanted: Partial<Record<string, unknown>> = { ...role };
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, wanted[name] ?? field.default]));
}
