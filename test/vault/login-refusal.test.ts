import { describe, expect, it } from 'vitest';
import { notBoundIn, selectorFailedIn } from '../../src/vault/answers/login-refusal.ts';

/** As OpenBao 2.7 and Vault 1.21 say them. */
const selectors = [
  'failed to get namespace (code 403 status namespaces "a" is forbidden: User "system:serviceaccount:a:r" cannot get resource "namespaces" in API group "" in the namespace "a")',
  'namespace lookup failed: TokenReviewer JWT needs to be configured to use namespace selectors',
  'label selector match expressions are not supported',
  'Get "https://10.0.0.1:6443/api/v1/namespaces/a": dial tcp 10.0.0.1:6443: connect: connection refused',
];

describe('a refused login', () => {
  it('says which half of the name is not bound', () => {
    expect(notBoundIn('service account name not authorized')).toBe('service-account-not-bound');
    expect(notBoundIn('namespace not authorized')).toBe('namespace-not-bound');
    expect(notBoundIn('permission denied')).toBeUndefined();
    expect(selectorFailedIn('namespace not authorized')).toBe(false);
  });

  it.each(selectors)('judges nobody where the selector could not be evaluated: %s', (why) => {
    const said = `namespace not authorized err=${why}`;
    expect([notBoundIn(said), selectorFailedIn(said)]).toEqual([undefined, true]);
  });
});
