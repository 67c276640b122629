import type { Bound } from '../model/account.ts';
import { texts } from './texts.ts';

/** Of a role as Vault sends it; undefined: nobody. */
export function boundBy(role: object | undefined): Bound {
  const { bound_service_account_names: names, bound_service_account_namespaces: namespaces } = (role ?? {}) as Record<
    string,
    unknown
  >;
  return { names: texts(names), namespaces: texts(namespaces) };
}
