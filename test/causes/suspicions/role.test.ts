import { describe, expect, it } from 'vitest';
import { diagnose } from '../../../src/causes/diagnose.ts';
import { roleCauses } from '../../../src/causes/suspicions/role.ts';
import { shownFix } from '../../../src/model/printed.ts';
import { Secret } from '../../../src/secret.ts';
import {
  bare,
  type Change,
  examination,
  fact,
  hidden,
  login,
  type Row,
  refused,
  role,
  secret,
  told,
  withoutRecipe,
} from '../healthy.ts';

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

it('prints what of a Pod a token for the audience comes from, whole', () => {
  const change = { login: refused('invalid audience (aud) claim'), role: fact({ ...role, audience: 'x: y' }) };
  const fixes = roleCauses(examination(change)).flatMap(({ fix }) => fix.map(({ why }) => why));
  expect(fixes).toContain(
    'project a token for the audience x: y into the Pod: serviceAccountToken: {audience: "x: y", path: token}',
  );
});

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

/** Why, or the command, of each way out. */
const ways = (change: Change, x = withoutRecipe(change)) =>
  (diagnose(x)[0]?.fix ?? []).map(shownFix).map(({ why, command }) => command ?? why);
const refusedName = { login: refused('service account name not authorized') };
const bind = (names: string[], namespaces = ['a']) => ({
  role: fact({ ...role, bound_service_account_names: names, bound_service_account_namespaces: namespaces }),
  ...refusedName,
});
const write = (names: string, namespaces: string) =>
  `vault write auth/k/role/app bound_service_account_names=${names} bound_service_account_namespaces=${namespaces}`;

describe('an account that a role does not bind, without a recipe', () => {
  it('is bound beside those that are, since a write replaces the list', () =>
    expect(ways(bind(['other', 'app-*']))).toEqual([write("'other,app-*,my-sa'", 'a')]));
  it('is bound in its namespace beside those that are', () =>
    expect(ways(bind(['my-sa'], ['b']))).toEqual([write('my-sa', 'b,a')]));
  it.each<[string, Change]>([
    ['would let in others: each name counts in each namespace', bind(['other'], ['a', 'b'])],
    ['would let in others of its namespace', bind(['other', 'third'], ['b'])],
    [
      'would let in others of namespaces that a selector chooses, or clear it',
      { role: fact({ ...selector, bound_service_account_names: ['other'] }), ...refusedName },
    ],
    ['is itself not there', { ...bind(['other']), account: fact({ exists: false, namespaceExists: true }) }],
    ['the role may not be read', { role: hidden(), login: refused('service account name not authorized') }],
  ])('gets no command where it %s', (_what, change) =>
    expect(ways(change).filter((one) => one.startsWith('vault write'))).toEqual([]),
  );
});

describe('a role that is not there', () => {
  it('is first taken for one that is near, and nobody is asked to fill in policies', () => {
    const found = ways({ ...gone, roles: fact(['apps', 'zzzzzzzz']) });
    expect(found[0]).toBe('log in with role apps, if that is the one that was meant');
    expect(found.join()).not.toContain('vault write');
  });
});

describe('what is not as the recipe has it', () => {
  const change = (field: string, before: unknown, after: unknown) => ({ field, before, after });
  const drift = [
    { address: 'auth/k/role/app', step: 'bind-role', action: 'update' as const, fields: [change('x', 1, 2)] },
  ];
  const mended = 'vaultbind step bind-role -f recipe.yaml';
  const selects = { bound_service_account_namespace_selector: '{}', bound_service_account_namespaces: [] };
  it.each<[string, Change]>([
    ['addresses', { role: fact({ ...role, token_bound_cidrs: ['10.9.0.0/16'] }), login: bare() }],
    [
      'a selector that needs rights',
      {
        role: fact({ ...role, ...selects }),
        login: refused('namespace not authorized err=failed to get namespace (code 403)'),
      },
    ],
    ['uses', { role: fact({ ...role, token_num_uses: 1 }), ...twoReads() }],
    ['an account', bind(['other'])],
  ])('explains %s: written first, and told with the cause', (_what, facts) => {
    const x = examination({ ...facts, drift });
    const found = diagnose(x);
    expect(ways({}, x)[0]).toBe(mended);
    expect(found).toHaveLength(1);
    expect(found[0]?.evidence.map(({ said }) => said)).toContain('x is 1, and the recipe has 2');
    expect(found[0]?.explains).toEqual(['auth/k/role/app']);
  });
  it('is written all at once where it is policy and role', () => {
    const both = [...drift, { ...drift[0], address: 'sys/policies/acl/app', step: 'write-policy' }] as typeof drift;
    const x = examination({ login: login({ capabilities: { [secret]: ['deny'] } }), drift: both });
    expect(ways({}, x)[0]).toBe('vaultbind apply -f recipe.yaml');
  });
  it('and cannot be written by its step is mended as the step says', () => {
    const blocked = {
      action: 'blocked' as const,
      code: 'binding-foreign' as const,
      reason: 'r',
      fix: [{ why: 'by hand' }],
    };
    const x = examination({
      login: bare(),
      mayReview: fact({ allowed: false, reason: '' }),
      drift: [{ address: 'ClusterRoleBinding b', step: 'bind-delegator', ...blocked }],
    });
    expect(ways({}, x)).toEqual(['by hand']);
  });
  it('of the cluster is told too, when nothing else is wrong', () => {
    const gone = [
      { address: 'ServiceAccount a/vault-reviewer', step: 'service-account', action: 'create' as const, fields: [] },
    ];
    expect(told(diagnose(examination({ drift: gone })))).toEqual(['drift certain']);
  });
});

function twoReads(): Change {
  const [claim] = patient.can;
  const can = claim ? [claim, { ...claim, path: `${secret}-2` }] : [];
  const capabilities = { [secret]: ['read'], [`${secret}-2`]: ['read'] };
  const answers = { [`GET ${secret}`]: { status: 200, said: '' } };
  return { patient: { ...patient, can }, login: login({ capabilities, answers }) };
}
