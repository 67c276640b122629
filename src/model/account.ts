/** A ServiceAccount, written `namespace/name`; `*` may stand for either part in a role's bindings. */
export interface ServiceAccountName {
  namespace: string;
  name: string;
}

const label = '[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?';
const subdomain = `${label}(?:\\.${label})*`;
/** Vault matches a `*` at either end of a bound name or namespace. */
const pattern = '[-a-z0-9.*]+';

export const labelForm = new RegExp(`^${label}$`);
export const subdomainForm = new RegExp(`^(?=.{1,253}$)${subdomain}$`);
export const patternForm = new RegExp(`^${pattern}$`);
export const accountForm = new RegExp(`^(?:${label}/${subdomain}|system:serviceaccount:${label}:${subdomain})$`);
export const accountPatternForm = new RegExp(`^(?:${pattern}/${pattern}|system:serviceaccount:${label}:${subdomain})$`);

const username = /^system:serviceaccount:([^:/]+):([^:/]+)$/;

/** `namespace/name`, or the user name `system:serviceaccount:namespace:name`; undefined for anything else. */
export function parseAccount(text: string): ServiceAccountName | undefined {
  const [namespace, name, ...more] = username.exec(text)?.slice(1) ?? text.split('/');
  return namespace && name && more.length === 0 ? { namespace, name } : undefined;
}

export function accountText({ namespace, name }: ServiceAccountName): string {
  return `${namespace}/${name}`;
}

export function isLiteral({ namespace, name }: ServiceAccountName): boolean {
  return !namespace.includes('*') && !name.includes('*');
}

/** As Vault matches a bound name: `*` means something only at the two ends. */
export function matches(bound: string, value: string): boolean {
  if (bound === '*' || bound === value) return true;
  if (!bound.startsWith('*') && !bound.endsWith('*')) return false;
  const core = bound.replace(/^\*/, '').replace(/\*$/, '');
  if (bound.startsWith('*') && bound.endsWith('*')) return value.includes(core);
  return bound.startsWith('*') ? value.endsWith(core) : value.startsWith(core);
}

/** Whom a role binds by name: each of these names in each of these namespaces. Selectors are Vault's to judge. */
export interface Bound {
  names: string[];
  namespaces: string[];
}

export const bindsName = ({ names }: Bound, name: string): boolean => names.some((one) => matches(one, name));

export const bindsNamespace = ({ namespaces }: Bound, namespace: string): boolean =>
  namespaces.some((one) => matches(one, namespace));

export function binds(bound: Bound, { namespace, name }: ServiceAccountName): boolean {
  return bindsName(bound, name) && bindsNamespace(bound, namespace);
}
