import { describe, expect, it } from 'vitest';
import { roleCauses } from '../../../src/doctor/causes/role.ts';
import { Secret } from '../../../src/secret.ts';
import { bare, examination, fact, hidden, login, type Row, refused, role, told } from '../healthy.ts';

const { patient } = examination();
const gone = { role: fact(undefined), login: refused('invalid role name "app"') };
const selector = {
  ...role,
  bound_service_account_namespaces: [],
  bound_service_account_namespace_selector: '{"matchLabels":{"team":"a"}}',
};

const table: Row[] = [
  ['binds this account, whose login went through', {}],
  ['missing', gone, 'role-missing certain'],
  ['may not be read, and the login says that it is missing', { ...gone, role: hidden() }, 'role-missing certain'],
  [
    'missing here, and there at another mount',
    { ...gone, elsewhere: new Map([['kubernetes', role]]) },
    'recipe-mount-mismatch certain',
  ],
  [
    'missing here, and of another account at another mount',
    { ...gone, elsewhere: new Map([['kubernetes', { ...role, bound_service_account_names: ['other'] }]]) },
    'role-missing certain',
  ],
  [
    'binds another name',
    {
      role: fact({ ...role, bound_service_account_names: ['my-app'] }),
      login: refused('service account name not authorized'),
    },
    'service-account-not-bound certain',
  ],
  [
    'binds a glob that misses',
    {
      role: fact({ ...role, bound_service_account_names: ['app-*'] }),
      login: refused('service account name not authorized'),
    },
    'service-account-not-bound certain',
  ],
  ['binds a glob that fits', { role: fact({ ...role, bound_service_account_names: ['my-*'] }) }],
  [
    'binds another namespace',
    { role: fact({ ...role, bound_service_account_namespaces: ['b'] }), login: refused('namespace not authorized') },
    'namespace-not-bound certain',
  ],
  [
    'binds another name and another namespace: the login tells of the first alone',
    {
      role: fact({ ...role, bound_service_account_names: ['x'], bound_service_account_namespaces: ['b'] }),
      login: refused('service account name not authorized'),
    },
    'service-account-not-bound certain',
    'namespace-not-bound certain',
  ],
  [
    'may not be read, and the login says what is not bound',
    { role: hidden(), login: refused('namespace not authorized') },
    'namespace-not-bound certain',
  ],
  ['selects namespaces by label', { role: fact(selector) }],
  [
    'selects namespaces by label, and the reviewer may not read them',
    {
      role: fact(selector),
      login: refused(
        'namespace not authorized err=failed to get namespace (code 403 status namespaces "a" is forbidden: User "system:serviceaccount:a:vault-reviewer" cannot get resource "namespaces")',
      ),
    },
    'namespace-selector-unusable certain',
  ],
  [
    'selects namespaces by label, may not be read, and the reviewer may not read them',
    { role: hidden(), login: refused('namespace not authorized err=failed to get namespace (code 403)') },
    'namespace-selector-unusable certain',
  ],
  [
    'selects namespaces by label, and there is no stored reviewer to read them',
    {
      role: fact(selector),
      login: refused(
        'namespace not authorized err=namespace lookup failed: TokenReviewer JWT needs to be configured to use namespace selectors',
      ),
    },
    'namespace-selector-unusable certain',
  ],
  [
    'wants an audience that the token is not for',
    { login: refused('invalid audience (aud) claim') },
    'audience-mismatch certain',
  ],
  [
    'wants an audience that may not be read, and the token was made here for another',
    { role: hidden(), login: refused('invalid audience (aud) claim') },
  ],
  [
    'wants an audience that a token somebody has is not for',
    { patient: { ...patient, jwt: new Secret('a.b.c') }, role: fact({ ...role, audience: 'x' }) },
    'audience-mismatch certain',
  ],
  [
    'binds other addresses, and the log is silent',
    { role: fact({ ...role, token_bound_cidrs: ['10.9.0.0/16'] }), login: bare() },
    'cidr-not-bound likely',
  ],
  [
    'binds other addresses, and the log was not heard',
    { role: fact({ ...role, token_bound_cidrs: ['10.9.0.0/16'] }), login: bare(null) },
    'cidr-not-bound possible',
  ],
  [
    'binds addresses, and the login went through',
    { role: fact({ ...role, token_bound_cidrs: ['10.9.0.0/16'] }), login: login() },
  ],
];

describe('role', () => {
  it.each(table)('%s', (_what, change, ...says) => expect(told(roleCauses(examination(change)))).toEqual(says));

  it('says what is bound and what came', () => {
    const [one] = roleCauses(examination({ role: fact({ ...role, bound_service_account_namespaces: ['b'] }) }));
    expect(one?.evidence.at(-1)?.said).toBe('binds b; the token is of a');
  });
  it('names roles that are near', () => {
    const [one] = roleCauses(examination({ ...gone, roles: fact(['apps', 'zzzzzzzz']) }));
    expect(one?.evidence.at(-1)?.said).toMatch(/^nearest: apps/);
  });
  it('says nothing where no role was asked for', () => {
    const { role: _, ...rest } = patient;
    expect(roleCauses(examination({ patient: rest, role: fact(undefined) }))).toEqual([]);
  });
});
