import { describe, expect, it } from 'vitest';
import { isBare, isNotBound, refusalReason } from '../../src/vault/answers/login-refusal.ts';

/** As OpenBao 2.7 and Vault 1.21 say them. */
const selectors = [
  'failed to get namespace (code 403 status namespaces "a" is forbidden: User "system:serviceaccount:a:r" cannot get resource "namespaces" in API group "" in the namespace "a")',
  'namespace lookup failed: TokenReviewer JWT needs to be configured to use namespace selectors',
  'label selector match expressions are not supported',
  'Get "https://10.0.0.1:6443/api/v1/namespaces/a": dial tcp 10.0.0.1:6443: connect: connection refused',
];

describe('a refused login', () => {
  it('says which half of the name is not bound', () => {
    expect(refusalReason('service account name not authorized')).toBe('service-account-not-bound');
    expect(refusalReason('namespace not authorized')).toBe('namespace-not-bound');
  });

  it('says nothing in a bare refusal', () => {
    expect(refusalReason('permission denied')).toBeUndefined();
    expect(isBare({ status: 403, said: ' permission denied\n' })).toBe(true);
    expect(isBare({ status: 403, said: 'namespace not authorized' })).toBe(false);
    expect(isBare({ status: 500, said: 'permission denied' })).toBe(false);
  });

  it.each([
    ['invalid role name "app"', 'role-missing'],
    ['invalid audience (aud) claim: audience claim does not match any expected audience', 'audience-mismatch'],
    ['invalid expiration time (exp) claim: token is expired', 'login-token-expired'],
    ['invalid issued at (iat) claim: token issued in the future', 'clock-skew'],
    ['invalid issuer (iss) claim', 'issuer-mismatch'],
    ['unsupported signing algorithm (alg)', 'login-token-algorithm'],
  ])('says why: %s', (said, reason) => expect(refusalReason(said)).toBe(reason));

  it.each(selectors)('judges nobody where the selector could not be evaluated: %s', (why) => {
    const said = `namespace not authorized err=${why}`;
    expect(refusalReason(said)).toBe('namespace-selector-unusable');
    expect(isNotBound(refusalReason(said))).toBe(false);
  });
});
