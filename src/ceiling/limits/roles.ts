import { accountText, isLiteral, type ServiceAccountName } from '../../model/account.ts';
import { firstNamed } from '../../model/first-named.ts';
import type { Recipe, Role } from '../../recipe/recipe.ts';
import type { Objection } from '../../recipe/rules/objection.ts';
import { beyond, type Ceiling, type CeilingLimit } from '../ceiling.ts';
import { accountAllowed, allowed, nameAllowed } from '../names.ts';

export const roles: CeilingLimit = (ceiling, { recipe }) =>
  recipe.roles.flatMap((role, index) => [
    ...roleName(ceiling, role, index),
    ...bindings(ceiling, role, index),
    ...selector(ceiling, role, index),
    ...aliasName(ceiling, role, index),
    ...madeAccounts(ceiling, role, index),
    ...tokenPolicies(ceiling, role, index, recipe),
  ]);

function roleName(ceiling: Ceiling, { name }: Role, index: number): Objection[] {
  if (allowed(ceiling.document.roles?.names, name)) return [];
  return [beyond(ceiling, ['roles', index, 'name'], `role ${name} may not be written`, ['roles', 'names'])];
}

/** Vault lets in each name in each namespace, whatever pairs the author had in mind. */
function bindings(ceiling: Ceiling, role: Role, index: number): Objection[] {
  const { wildcards = false, service_accounts } = ceiling.document.roles ?? {};
  const pairs = role.bound_service_account_namespaces.flatMap((namespace) =>
    role.bound_service_account_names.map((name) => ({ namespace, name })),
  );
  const open = pairs.filter((pair) => !isLiteral(pair));
  const outside = pairs.filter((pair) => !accountAllowed(service_accounts, pair));
  const path = ['roles', index, 'service_accounts'];
  return [
    ...(open.length > 0 && !wildcards
      ? [beyond(ceiling, path, `a * may not be bound: ${named(open)}`, ['roles', 'wildcards'])]
      : []),
    ...(outside.length > 0
      ? [beyond(ceiling, path, `may not be bound: ${named(outside)}`, ['roles', 'service_accounts'])]
      : []),
  ];
}

/** Nobody knows which namespaces it lets in, so what is left to hold the role to are the names. */
function selector(ceiling: Ceiling, role: Role, index: number): Objection[] {
  const key = 'bound_service_account_namespace_selector';
  if (role[key] === undefined) return [];
  const { namespace_selector, wildcards = false, service_accounts } = ceiling.document.roles ?? {};
  if (!namespace_selector) {
    const message = 'namespaces may not be bound by a selector';
    return [beyond(ceiling, ['roles', index, key], message, ['roles', 'namespace_selector'])];
  }
  const names = role.bound_service_account_names;
  const open = names.filter((name) => name.includes('*'));
  const outside = names.filter((name) => !nameAllowed(service_accounts, name));
  const path = ['roles', index, 'bound_service_account_names'];
  return [
    ...(open.length > 0 && !wildcards
      ? [beyond(ceiling, path, `a * may not be bound: ${firstNamed(open)}`, ['roles', 'wildcards'])]
      : []),
    ...(outside.length > 0
      ? [
          beyond(ceiling, path, `may not be bound in any namespace: ${firstNamed(outside)}`, [
            'roles',
            'service_accounts',
          ]),
        ]
      : []),
  ];
}

function aliasName(ceiling: Ceiling, role: Role, index: number): Objection[] {
  const { alias_name_source: allowedSources } = ceiling.document.roles ?? {};
  const source = role.alias_name_source ?? 'serviceaccount_uid';
  if (!allowedSources || allowedSources.some((one) => one === source)) return [];
  const message = `the entity alias may not be named by ${source}`;
  return [beyond(ceiling, ['roles', index, 'alias_name_source'], message, ['roles', 'alias_name_source'])];
}

function madeAccounts(ceiling: Ceiling, role: Role, index: number): Objection[] {
  if (!role.create_service_accounts) return [];
  const outside = role.service_accounts.filter(
    (one) => !accountAllowed(ceiling.document.roles?.create_service_accounts, one),
  );
  if (outside.length === 0) return [];
  return [
    beyond(ceiling, ['roles', index, 'create_service_accounts'], `may not be made: ${named(outside)}`, [
      'roles',
      'create_service_accounts',
    ]),
  ];
}

/** What the recipe writes itself is held to policies.paths; any other policy may allow anything. */
function tokenPolicies(ceiling: Ceiling, role: Role, index: number, { policies }: Recipe): Objection[] {
  const known = new Set(['default', ...policies.map(({ name }) => name)]);
  return (role.token_policies ?? []).flatMap((name, at) => {
    if (known.has(name) || allowed(ceiling.document.roles?.token_policies, name)) return [];
    const message = `policy ${name}, which this recipe does not write, may not be given to a role`;
    return [beyond(ceiling, ['roles', index, 'token_policies', at], message, ['roles', 'token_policies'])];
  });
}

function named(accounts: ServiceAccountName[]): string {
  return firstNamed(accounts.map(accountText));
}
