import type { FieldTable } from '../engine/diff.ts';
import type { Role } from '../recipe/recipe.ts';

/**
 * The fields of a role that a recipe owns, with Vault's defaults (as read back from OpenBao 2.7 and Vault 1.21 after a
 * role was written with the two required fields alone). Writes send all of them, because a role write merges.
 */
export const roleFields = {
  bound_service_account_names: { kind: 'set', default: [] },
  bound_service_account_namespaces: { kind: 'set', default: [] },
  bound_service_account_namespace_selector: { kind: 'text', default: '' },
  audience: { kind: 'text', default: '' },
  alias_name_source: { kind: 'text', default: 'serviceaccount_uid' },
  token_policies: { kind: 'set', default: [] },
  token_ttl: { kind: 'number', default: 0 },
  token_max_ttl: { kind: 'number', default: 0 },
  token_explicit_max_ttl: { kind: 'number', default: 0 },
  token_period: { kind: 'number', default: 0 },
  token_num_uses: { kind: 'number', default: 0 },
  token_no_default_policy: { kind: 'boolean', default: false },
  token_bound_cidrs: { kind: 'cidrs', default: [] },
  token_type: { kind: 'text', default: 'default' },
} as const satisfies FieldTable;

export type RoleFields = { [field in keyof typeof roleFields]: unknown };

/** Every field of the table, absent ones as the server's default. */
export function roleDocument(role: Role): RoleFields {
  const entries = Object.entries(roleFields).map(([name, field]) => {
    const wanted = role[name as keyof typeof roleFields];
    return [name, wanted ?? field.default];
  });
  return Object.fromEntries(entries) as RoleFields;
}
