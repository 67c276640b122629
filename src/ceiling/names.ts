import type { ServiceAccountName } from '../model/account.ts';

/** A name, or what a role binds: all that it stands for lies within the pattern. A `*` counts only at the end of a pattern. */
function within(pattern: string, name: string): boolean {
  if (pattern === '*') return true;
  if (!pattern.endsWith('*')) return name === pattern;
  // Vault takes a `*` at the front of a bound name too: then nothing is known of how names begin.
  return !name.startsWith('*') && name.replace(/\*$/, '').startsWith(pattern.slice(0, -1));
}

export function allowed(patterns: readonly string[] | undefined, name: string): boolean {
  return (patterns ?? []).some((pattern) => within(pattern, name));
}

/** For accounts; a pattern is `namespace/name`. */
export function accountAllowed(patterns: readonly string[] | undefined, account: ServiceAccountName): boolean {
  return (patterns ?? []).some((pattern) => {
    const [namespace = '', name = ''] = pattern.split('/');
    return within(namespace, account.namespace) && within(name, account.name);
  });
}

/** For the name of an account in namespaces that nobody knows. */
export function nameAllowed(patterns: readonly string[] | undefined, name: string): boolean {
  return (patterns ?? []).some((pattern) => within(pattern.split('/')[1] ?? '', name));
}
