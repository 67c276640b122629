import { isTree, type Tree } from '../tree.ts';

/** Keys in the order in which recipes are written and read. */
const order = [
  ...['version', 'name', 'vault', 'cluster', 'auth', 'policies', 'roles', 'expect', 'mode'],
  ...['role', 'service_account', 'address', 'namespace', 'context', 'host', 'ca'],
  ...['path', 'capabilities', 'manage', 'description', 'reviewer', 'token_secret', 'binding', 'bind_clients', 'config'],
  ...['rules', 'file', 'hcl', 'service_accounts', 'create_service_accounts', 'token_policies', 'token_ttl', 'audience'],
  ...['login', 'can', 'cannot'],
];

const rank = (key: string) => (order.includes(key) ? order.indexOf(key) : order.length);

export function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (!isTree(value)) return value;
  const keys = Object.keys(value).sort((one, other) => rank(one) - rank(other));
  return Object.fromEntries(keys.map((key) => [key, inOrder((value as Tree)[key])]));
}
