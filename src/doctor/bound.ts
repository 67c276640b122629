import { matches, type ServiceAccountName } from '../model/account.ts';
import { texts } from './texts.ts';

/** Whom a role binds by name: each of these names in each of these namespaces. Selectors are Vault's to judge. */
export interface Bound {
  names: string[];
  namespaces: string[];
}

/** Of a role as Vault sends it; undefined: nobody. */
export function boundBy(role: object | undefined): Bound {
  const { bound_service_account_names: names, bound_service_account_namespaces: namespaces } = (role ?? {}) as Record<
    string,
    unknown
  >;
  return { names: texts(names), namespaces: texts(namespaces) };
}

export const bindsName = ({ names }: Bound, name: string): boolean => names.some((one) => matches(one, name));

export const bindsNamespace = ({ namespaces }: Bound, namespace: string): boolean =>
  namespaces.some((one) => matches(one, namespace));

export function binds(bound: Bound, { namespace, name }: ServiceAccountName): boolean {
  return bindsName(bound, name) && bindsNamespace(bound, namespace);
}
