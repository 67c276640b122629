import { describe, expect, it } from 'vitest';
import { loginTokenCauses } from '../../../src/causes/suspicions/login-token.ts';
import { config, examination, fact, hidden, type Row, refused, told } from '../healthy.ts';

const table: Row[] = [
  ['good', {}],
  [
    'of an account that does not exist',
    { account: fact({ exists: false, namespaceExists: true }) },
    'service-account-missing certain',
  ],
  ['of an account that may not be looked at', { account: hidden('kubernetes-forbidden') }],
  ['ended', { login: refused('invalid expiration time (exp) claim: token is expired') }, 'login-token-expired certain'],
  ['of the future', { login: refused('invalid not before (nbf) claim: token not yet valid') }, 'clock-skew certain'],
  ['of another issuer', { login: refused('invalid issuer (iss) claim') }, 'issuer-mismatch certain'],
  [
    'signed in a way that is not taken',
    { login: refused('invalid algorithm (alg) header parameter: token signed with unexpected algorithm') },
    'login-token-algorithm certain',
  ],
  ['refused without a reason', { login: refused('permission denied') }],
];

describe('the login token', () => {
  it.each(table)('%s', (_what, change, ...says) => expect(told(loginTokenCauses(examination(change)))).toEqual(says));

  it('names a namespace that does not exist', () => {
    const x = examination({ account: fact({ exists: false, namespaceExists: false }) });
    expect(loginTokenCauses(x)[0]?.evidence[0]?.said).toBe('namespace a does not exist');
  });
  it('puts both issuers side by side', () => {
    const x = examination({
      config: fact({ ...config, issuer: 'https://other/' }),
      login: refused('invalid issuer (iss) claim'),
    });
    const said = loginTokenCauses(x)[0]?.evidence[0]?.said;
    expect(said).toContain('https://kubernetes.default.svc.cluster.local');
    expect(said).toContain('https://other/');
  });
});
