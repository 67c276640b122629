import { describe, expect, it } from 'vitest';
import type { Stage } from '../../src/causes/cause.ts';
import { diagnose } from '../../src/causes/diagnose.ts';
import { placeOf } from '../../src/causes/place.ts';
import type { Code } from '../../src/codes.ts';
import type { Examination } from '../../src/facts/examination.ts';
import { patientsOf } from '../../src/facts/patients.ts';
import { marked, read } from '../recipe/reading.ts';
import { bare, type Change, examination, fact, login, secret, withoutRecipe } from './healthy.ts';

/** Each mark is a place, in this order. */
const names = ['vault', 'cluster', 'auth', 'reviewer', 'policy', 'role', 'other role', 'login', 'claim', 'stranger'];
const { text, marks } = marked(`version: 1
name: shop
«vault:
  namespace: team
cluster:
  «host: https://10.0.0.1:6443
  context: prod
auth:
  «path: k
  reviewer:
    «service_account: a/vault-reviewer
    binding: ours
policies:
  - «name: app
    rules: [{path: ${secret}, capabilities: [read]}]
roles:
  - «name: app
    service_accounts: [a/my-sa]
    token_policies: [app, theirs]
  - «{name: other, service_accounts: [a/other], token_policies: [app, shared]}
expect:
  - «role: app
    service_account: a/my-sa
    can:
      - «read ${secret}
  - «{role: app, service_account: a/stranger, login: refused}
`);
const { recipe } = read(text);
const [patient, stranger] = patientsOf(recipe);
const shop = (change: Change = {}) => examination({ ...(patient && { patient }), ...change });

function nameOf(at: ReturnType<typeof placeOf>): string {
  const index = marks.findIndex(({ line, column }) => line === at?.line && column === at.column);
  return at === undefined ? 'nowhere' : (names[index] ?? `${at.line}:${at.column}`);
}

const place = (x: Examination, subject: string, stage?: Stage, code: Code = 'drift') =>
  nameOf(placeOf(x, { code, subject, ...(stage && { stage }) }));

describe('the place of', () => {
  it.each<[subject: string, stage: Stage | undefined, expected: string]>([
    ['sys/auth/k', 'mount', 'auth'],
    ['auth/k/config', 'config', 'auth'],
    ['auth/k/config', 'cluster', 'cluster'],
    ['auth/k/config', 'reviewer', 'reviewer'],
    ['auth/k/config', undefined, 'auth'],
    ['auth/k/role/app', 'binding', 'role'],
    ['auth/k/role/other', undefined, 'other role'],
    ['auth/k/role/nobodys', 'role', 'login'],
    ['sys/policies/acl/app', 'policy', 'policy'],
    ['sys/policies/acl/theirs', 'policy', 'role'],
    ['sys/policies/acl/shared', undefined, 'other role'],
    ['sys/policies/acl/nobodys', undefined, 'nowhere'],
    ['ServiceAccount a/vault-reviewer', 'reviewer', 'reviewer'],
    ['Secret a/vault-reviewer-token', 'reviewer', 'reviewer'],
    ['ClusterRoleBinding ours', undefined, 'reviewer'],
    ['ServiceAccount a/my-sa', 'token', 'login'],
    ['login token', 'token', 'login'],
    [secret, 'secret', 'claim'],
    ['https://vault.example.com:8200', 'vault', 'nowhere'],
    ['auth/token', undefined, 'nowhere'],
  ])('%s at stage %s', (subject, stage, expected) => expect(place(shop(), subject, stage)).toBe(expected));

  it('what the recipe chose of the servers', () => {
    expect(place(shop(), 'team', 'mount', 'vault-namespace-missing')).toBe('vault');
    expect(nameOf(placeOf(shop(), { code: 'kubernetes-context-missing', subject: 'prod', stage: 'operator' }))).toBe(
      'cluster',
    );
  });

  it('a stranger is his own login', () => {
    const x = shop({ ...(stranger && { patient: stranger }) });
    expect(place(x, 'identity entity of a/stranger at auth/k', 'role')).toBe('stranger');
  });

  it('anything without a recipe, or of another mount than its own, is nowhere', () => {
    expect(place(withoutRecipe(), 'auth/k/role/app', 'role')).toBe('nowhere');
    const elsewhere = shop({ ...(patient && { patient: { ...patient, mount: 'k2' } }) });
    expect(place(elsewhere, 'auth/k2/role/app', 'role')).toBe('nowhere');
  });

  it('what only a flag asks for is nowhere', () => {
    const can = [{ capability: 'read', path: 'secret/data/x', at: { file: '--secret', line: 1, column: 1 } }];
    const x = shop({ ...(patient && { patient: { ...patient, can } }) });
    expect(place(x, 'secret/data/x')).toBe('nowhere');
  });
});

describe('a cause is shown', () => {
  const denied = login({ capabilities: { [secret]: ['deny'] } });
  const rule = (path: string, capability: string) => `path "${path}" { capabilities = ["${capability}"] }`;
  const policies = (text: string, ...names: string[]) =>
    new Map(names.map((name) => [name, fact<string | undefined>(text)]));
  it.each<[what: string, change: Change, expected: string]>([
    [
      'at the policy whose rule decides',
      { login: denied, policies: policies(rule(secret, 'list'), 'app', 'theirs') },
      'policy-capability-missing at policy',
    ],
    [
      'at the policy that should allow it, where none speaks of it',
      { login: denied, policies: policies(rule('a/b', 'read'), 'app', 'theirs') },
      'policy-not-attached at policy',
    ],
    [
      'at the role that has not got its policies',
      { login: denied, policies: policies(rule('a/b', 'read'), 'other') },
      'policy-not-attached at role',
    ],
    [
      'at the reviewer, who may not review',
      { mayReview: fact({ allowed: false, reason: '' }), login: bare(null) },
      'reviewer-forbidden at reviewer',
    ],
  ])('%s', (_what, change, expected) => {
    const x = shop(change);
    const [first] = diagnose(x);
    expect(first && `${first.cause} at ${nameOf(placeOf(x, { ...first, code: first.cause }))}`).toBe(expected);
  });
});
