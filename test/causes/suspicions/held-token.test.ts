import { describe, expect, it } from 'vitest';
import { heldTokenCauses } from '../../../src/causes/suspicions/held-token.ts';
import { examination, fact, hidden, type Row, told } from '../healthy.ts';

const claims = {
  subject: 'system:serviceaccount:a:my-sa',
  audiences: ['vault'],
  serviceAccount: { namespace: 'a', name: 'my-sa' },
};
const judged = (said: string, authenticated = false) => ({
  claims,
  review: { status: 201 as const, authenticated, groups: [], audiences: [], said },
});

const table: Row[] = [
  ['none', {}],
  ['could not be looked at', { held: hidden() }],
  ['good', { held: fact(judged('', true)) }],
  ['good as far as anybody may say', { held: fact({ claims }) }],
  ['no JWT', { held: fact({}) }, 'login-token-malformed certain'],
  [
    'of no account',
    { held: fact({ claims: { subject: claims.subject, audiences: [] } }) },
    'login-token-malformed certain',
  ],
  ['of the future', { held: fact(judged('invalid bearer token, token not valid yet')) }, 'clock-skew certain'],
  ['ended', { held: fact({ claims: { ...claims, expires: new Date(0) } }) }, 'login-token-expired certain'],
  [
    'not of a ServiceAccount',
    { held: fact({ claims: { ...claims, subject: 'alice' } }) },
    'login-token-foreign certain',
  ],
  [
    'of an account made anew',
    { held: fact(judged('service account UID (a) does not match claim (b)')) },
    'login-token-revoked certain',
  ],
  [
    'of a Pod that is gone',
    { held: fact(judged('service account token has been invalidated')) },
    'login-token-revoked certain',
  ],
  [
    'signed elsewhere',
    { held: fact(judged('invalid bearer token, invalid signature, no keys found')) },
    'login-token-foreign certain',
  ],
  [
    'for an audience that no role wants',
    { held: fact(judged('', true)), bindingRoles: [{ role: 'app', audience: 'x' }] },
    'audience-mismatch certain',
  ],
  [
    'for an audience that one role wants',
    {
      held: fact(judged('', true)),
      bindingRoles: [
        { role: 'app', audience: 'x' },
        { role: 'b', audience: 'vault' },
      ],
    },
  ],
];

describe('a token somebody has', () => {
  it.each(table)('%s', (_what, change, ...says) => expect(told(heldTokenCauses(examination(change)))).toEqual(says));
});
