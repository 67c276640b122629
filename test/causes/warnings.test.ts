import { describe, expect, it } from 'vitest';
import { warningsOf } from '../../src/causes/warnings/index.ts';
import type { Fact } from '../../src/contracts/experiment.ts';
import { type Examination, unasked } from '../../src/facts/examination.ts';
import type { Handshake } from '../../src/kubernetes/handshake.ts';
import { usualAuthType } from '../../src/recipe/auth-types/index.ts';
import { Secret } from '../../src/secret.ts';
import type { CertificateInfo } from '../../src/trust/certificates.ts';
import { heredocThatHides } from '../policy/attacks.ts';
import { apiHost } from '../trust/host.ts';
import { type Change, examination, login } from './healthy.ts';

const now = new Date('2026-06-01T00:00:00Z');
const days = (count: number) => new Date(now.getTime() + count * 24 * 3600 * 1000);

function fact<T>(value: T): Fact<T> {
  return { known: true, value };
}

const at = { file: 'r.yaml', line: 1, column: 1 };
const reading = { capability: 'read', path: 'secret/data/app', at };
const good = 'path "secret/data/app" { capabilities = ["read"] }';

const role = {
  bound_service_account_names: ['my-sa'],
  bound_service_account_namespaces: ['default'],
  audience: 'vault',
  token_ttl: 3600,
};

const health = { version: '2.7.2', product: 'openbao', sealed: false, initialized: true, standby: false } as const;

/** Nothing to warn of. */
const quiet = {
  patient: { mount: 'kube', role: 'app', can: [reading], cannot: [] },
  address: 'https://vault.example.com:8200',
  kubeconfig: { server: apiHost('https://10.0.0.1:6443') },
  health: fact({ ...health, clockAhead: 0 }),
  kubernetes: fact('v1.37.2'),
  operator: fact({ name: 'token', policies: ['ops'], root: false }),
  mount: fact({ type: 'kubernetes', accessor: 'a', description: '' }),
  role: fact(role),
  storage: fact('raft'),
  delegators: fact([]),
  policies: new Map([['app', fact<string | undefined>(good)]]),
  secrets: new Map(),
  mounts: unasked,
  impossibleLogin: unasked,
  config: unasked,
  roles: unasked,
  account: unasked,
  tried: null,
  login: unasked,
  handshake: unasked,
  ownHandshake: unasked,
  reviewerSecret: unasked,
  mayReview: unasked,
} satisfies Change;

const certificate = (to: Date): CertificateInfo => ({
  subject: 'CN=kube-apiserver',
  issuer: 'CN=kubernetes',
  names: [],
  from: days(-300),
  to,
  ca: false,
  fingerprint: '',
});

const shaken = (over: Partial<Handshake>): Fact<Handshake> =>
  fact({ status: 'ok', said: '', connected: true, chain: [], signed: true, named: true, current: true, ...over });

const stored = (over: object) => ({ role: fact({ ...role, ...over }) });
const policy = (text: string) => ({ name: 'token', policies: new Map([['app', fact<string | undefined>(text)]]) });
const delegator = (kind: string, name: string, namespace?: string) => ({
  delegators: fact([{ binding: 'b', kind, name, ...(namespace === undefined ? {} : { namespace }) }]),
});

const reviewed = {
  version: 1,
  name: 'r',
  files: ['r.yaml'],
  auth: {
    type: usualAuthType,
    path: 'kube',
    manage: 'full',
    reviewer: {
      whoReviews: 'account',
      storesToken: true,
      account: { namespace: 'default', name: 'vault-reviewer' },
      secret: { namespace: 'default', name: 'vault-reviewer-token' },
    },
  },
  roles: [
    { name: 'app', token_policies: ['app'] },
    { name: 'other', token_policies: ['app'] },
  ],
  expect: [
    { role: 'app', login: 'ok', can: [reading], cannot: [] },
    { role: 'other', login: 'ok', can: [{ capability: 'list', path: 'secret/metadata/app', at }], cannot: [] },
  ],
} as unknown as NonNullable<Examination['patient']['recipe']>;
const withRecipe = { patient: { ...quiet.patient, recipe: reviewed } };
const secretUntil = (expires?: Date) => ({
  ...withRecipe,
  reviewerSecret: fact({
    type: 'kubernetes.io/service-account-token',
    filled: true,
    annotations: {},
    uid: 'u',
    ...(expires ? { expires } : {}),
  }),
});

const table: [title: string, change: Change, says: string[]][] = [
  ['nothing', {}, []],
  ['a root token', { operator: fact({ name: 'token', policies: ['root'], root: true }) }, ['root-token']],
  ['plain http to another machine', { address: 'http://vault.example.com:8200' }, ['vault-plain-http']],
  ['plain http on this machine', { address: 'http://127.0.0.1:8200' }, []],
  ['plain http on this machine, IPv6', { address: 'http://[::1]:8200' }, []],
  ['plain http to a name that only begins like it', { address: 'http://127.evil.example' }, ['vault-plain-http']],
  ['no address at all', { address: '' }, []],
  ['a dev server', { storage: fact('inmem') }, ['vault-dev-mode']],
  [
    'a dev server with its root token, in one line',
    { storage: fact('inmem'), operator: fact({ name: 'token', policies: ['root'], root: true }) },
    ['vault-dev-mode'],
  ],
  ['a role of few uses', stored({ token_num_uses: 1 }), ['role-short-lived']],
  ['a role of many uses', stored({ token_num_uses: 100 }), []],
  ['a role of a few seconds', { login: login({ ttl: 10 }) }, ['role-short-lived']],
  ['a file storage', { storage: fact('file') }, []],
  [
    'Vault 60 s ahead',
    { health: fact({ ...health, clockAhead: 60 }), ownHandshake: shaken({ clockAhead: 0 }) },
    ['clocks-apart'],
  ],
  [
    'both servers 60 s ahead of this machine',
    { health: fact({ ...health, clockAhead: 60 }), ownHandshake: shaken({ clockAhead: 59 }) },
    ['clocks-apart'],
  ],
  ['Vault 60 s behind, the cluster not seen', { health: fact({ ...health, clockAhead: -60 }) }, ['clocks-apart']],
  ['5 s apart', { health: fact({ ...health, clockAhead: 5 }), ownHandshake: shaken({ clockAhead: 0 }) }, []],
  [
    'an API certificate that ends in 13 days',
    { handshake: shaken({ chain: [certificate(days(13))] }) },
    ['certificate-expiring'],
  ],
  ['one that ends in 15 days', { handshake: shaken({ chain: [certificate(days(15))] }) }, []],
  ['one that has ended, which is a cause', { handshake: shaken({ chain: [certificate(days(-1))] }) }, []],
  ['a role without audience', stored({ audience: '' }), ['role-without-audience']],
  [
    'that in client review',
    { ...stored({ audience: '' }), config: fact({ token_reviewer_jwt_set: false, disable_local_ca_jwt: true }) },
    [],
  ],
  ['a role without any TTL', stored({ token_ttl: 0 }), ['default-ttl']],
  ['a role with an old ttl', stored({ token_ttl: 0, ttl: 60 }), []],
  ['a role with a period', stored({ token_ttl: 0, token_period: 60 }), []],
  [
    'a role without TTL on a mount that has one',
    {
      ...stored({ token_ttl: 0 }),
      mount: fact({ type: 'kubernetes', accessor: 'a', description: '', defaultTtl: 3600 }),
    },
    [],
  ],
  [
    'two names in two namespaces',
    stored({ bound_service_account_names: ['a', 'b'], bound_service_account_namespaces: ['c', 'd'] }),
    ['role-cross-product'],
  ],
  ['two names in one namespace', stored({ bound_service_account_names: ['a', 'b'] }), []],
  ['any name', stored({ bound_service_account_names: ['*'] }), ['role-cross-product']],
  [
    'a legacy token',
    { held: fact({ claims: { audiences: [], subject: 'system:serviceaccount:default:my-sa', secret: 's' } }) },
    ['long-lived-token'],
  ],
  [
    'a projected token',
    { held: fact({ claims: { audiences: [], subject: 'system:serviceaccount:default:my-sa', expires: days(1) } }) },
    [],
  ],
  ["a reviewer's token that ends in a week", secretUntil(days(7)), ['reviewer-token-expiring']],
  ["a reviewer's token that ends in a year", secretUntil(days(365)), []],
  ["a reviewer's token without end", secretUntil(), []],
  [
    "the application's account as reviewer",
    { ...withRecipe, ...stored({ bound_service_account_names: ['vault-reviewer'] }) },
    ['long-lived-token'],
  ],
  [
    "the application's account as delegator",
    { ...withRecipe, ...delegator('ServiceAccount', 'my-sa', 'default') },
    ['delegator-too-wide'],
  ],
  ['that without a recipe, where it may be the reviewer', delegator('ServiceAccount', 'my-sa', 'default'), []],
  ['the reviewer as delegator', { ...withRecipe, ...delegator('ServiceAccount', 'vault-reviewer', 'default') }, []],
  [
    "somebody else's account as delegator",
    { ...withRecipe, ...delegator('ServiceAccount', 'metrics-server', 'kube-system') },
    [],
  ],
  ['all accounts as delegators', delegator('Group', 'system:serviceaccounts'), ['delegator-too-wide']],
  [
    'a policy with a capability nobody needs',
    policy('path "secret/data/app" { capabilities = ["read", "update"] }'),
    ['policy-too-wide'],
  ],
  ['a policy with a glob', policy('path "secret/data/*" { capabilities = ["read"] }'), ['policy-too-wide']],
  [
    'a policy with another path beside',
    policy(`${good}\npath "secret/data/b" { capabilities = ["read"] }`),
    ['policy-too-wide'],
  ],
  ['a policy with a heredoc', policy(heredocThatHides('secret/data/app')), ['policy-unclear']],
  ['a policy that only OpenBao takes', policy('path "secret/data/app" { capabilities = {} }'), ['policy-unclear']],
  ['a policy that denies beside', policy(`${good}\npath "secret/data/b" { capabilities = ["deny"] }`), []],
  [
    'a policy that another role needs the rest of',
    { ...withRecipe, ...policy(`${good}\npath "secret/metadata/app" { capabilities = ["list"] }`) },
    [],
  ],
  [
    'a wide policy where nothing is expected',
    { patient: { ...quiet.patient, can: [] }, ...policy('path "*" { capabilities = ["read"] }') },
    [],
  ],
  [
    'a policy that cannot be judged where nothing is expected',
    { patient: { ...quiet.patient, can: [] }, ...policy('path "*" { comment = <<A\nA\n }') },
    ['policy-unclear'],
  ],
];

describe('the doctor warns of', () => {
  it.each(table)('%s', (_title, change, says) => {
    expect(warningsOf(examination({ ...quiet, ...change }), now).map(({ code }) => code)).toEqual(says);
  });

  it('nothing with a secret in it', () => {
    const jwt = new Secret('canary.canary.canary');
    const held = fact({ claims: { audiences: [] } });
    const x = examination({ ...quiet, patient: { ...quiet.patient, jwt }, held });
    expect(JSON.stringify(warningsOf(x, now))).not.toContain('canary');
  });
});
