import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claims } from '../../src/kubernetes/jwt.ts';
import { Secret } from '../../src/secret.ts';

function jwt(payload: unknown, header: unknown = { alg: 'RS256' }): Secret {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return new Secret(`${part(header)}.${part(payload)}.the-signature`);
}

describe('claims', () => {
  it('of a bound token', () => {
    const payload = {
      sub: 'system:serviceaccount:default:my-sa',
      aud: ['vault', 'https://kubernetes.default.svc'],
      iss: 'https://kubernetes.default.svc',
      exp: 1_800_000_000,
      iat: 1_700_000_000,
      'kubernetes.io': { namespace: 'default', serviceaccount: { name: 'my-sa', uid: 'u-1' } },
    };
    expect(claims(jwt(payload))).toEqual({
      subject: 'system:serviceaccount:default:my-sa',
      audiences: ['vault', 'https://kubernetes.default.svc'],
      issuer: 'https://kubernetes.default.svc',
      expires: new Date(1_800_000_000_000),
      issued: new Date(1_700_000_000_000),
      algorithm: 'RS256',
      serviceAccount: { namespace: 'default', name: 'my-sa', uid: 'u-1' },
    });
  });

  it('of a legacy token, which has neither end nor audience', () => {
    const legacy = 'kubernetes.io/serviceaccount';
    const payload = {
      iss: legacy,
      [`${legacy}/namespace`]: 'default',
      [`${legacy}/service-account.name`]: 'my-sa',
      [`${legacy}/service-account.uid`]: 'u-1',
      [`${legacy}/secret.name`]: 'my-sa-token',
    };
    expect(claims(jwt(payload))).toEqual({
      issuer: legacy,
      audiences: [],
      algorithm: 'RS256',
      serviceAccount: { namespace: 'default', name: 'my-sa', uid: 'u-1' },
      secret: 'my-sa-token',
    });
  });

  it('takes an audience that is no list', () => {
    expect(claims(jwt({ aud: 'vault' }))?.audiences).toEqual(['vault']);
  });

  it('never throws, and never holds the signature', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (payload) => !JSON.stringify(claims(jwt(payload)) ?? '').includes('the-signature')),
    );
    fc.assert(
      fc.property(fc.string(), (text) => claims(new Secret(text)) === undefined || text.split('.').length === 3),
    );
  });
});
