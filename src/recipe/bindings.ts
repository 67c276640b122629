import { accountText, isLiteral, parseAccount, type ServiceAccountName } from '../model/account.ts';
import type { RoleDocument } from './schema/role.ts';

/** What a role binds, as Vault's two lists and as the literal accounts among them. */
export function bindingsOf(role: RoleDocument): {
  names: string[];
  namespaces: string[];
  accounts: ServiceAccountName[];
} {
  const pairs = (role.service_accounts ?? []).map(namedAccount);
  const names = distinct(role.bound_service_account_names ?? pairs.map(({ name }) => name));
  const namespaces = distinct(role.bound_service_account_namespaces ?? pairs.map(({ namespace }) => namespace));
  const product = tooManyPairs(names, namespaces)
    ? []
    : namespaces.flatMap((namespace) => names.map((name) => ({ namespace, name })));
  const all = role.service_accounts ? pairs : product;
  const accounts = new Map(all.filter(isLiteral).map((account) => [accountText(account), account]));
  return { names, namespaces, accounts: [...accounts.values()] };
}

/** More accounts than anybody would name one by one: a rule refuses them. */
export function tooManyPairs(names: readonly string[], namespaces: readonly string[]): boolean {
  return names.length * namespaces.length > 2500;
}

/** Of a text that the schema has passed. */
export function namedAccount(text: string): ServiceAccountName {
  return parseAccount(text) ?? { namespace: '', name: text };
}

function distinct(values: string[]): string[] {
  return [...new Set(values)];
}
