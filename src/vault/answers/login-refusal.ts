/** Which half of a ServiceAccount's name a role does not bind. */
export type NotBound = 'service-account-not-bound' | 'namespace-not-bound';

/**
 * What a refused login says of who is not bound; undefined for every other reason. With a namespace selector that could
 * not be evaluated Vault says `namespace not authorized err=…`: then nobody was judged.
 */
export function notBoundIn(said: string): NotBound | undefined {
  if (/\bservice account name not authorized\s*$/i.test(said)) return 'service-account-not-bound';
  if (/\bnamespace not authorized\s*$/i.test(said)) return 'namespace-not-bound';
  return undefined;
}

/** Vault could not tell whether the namespace is one that the role selects. */
export function selectorFailedIn(said: string): boolean {
  return /\bnamespace not authorized\s+err=/i.test(said);
}
