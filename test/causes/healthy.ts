import type { Suspicion } from '../../src/causes/cause.ts';
import type { CauseId, Code } from '../../src/codes.ts';
import type { Fact } from '../../src/contracts/experiment.ts';
import { SystemError } from '../../src/errors.ts';
import { type Drift, type Examination, unasked } from '../../src/facts/examination.ts';
import type { Handshake } from '../../src/kubernetes/handshake.ts';
import type { ServiceAccountName } from '../../src/model/account.ts';
import type { ObservedLogin } from '../../src/proof/observed-login.ts';
import type { Accepted } from '../../src/proof/workload-login.ts';
import { usualAuthType } from '../../src/recipe/auth-types/index.ts';
import type { Recipe } from '../../src/recipe/recipe.ts';
import { apiHost } from '../trust/host.ts';
import { sampleCa, samplePem } from '../trust/sample.ts';

export const secret = 'secret/data/app/config';
export const policy = `path "${secret}" { capabilities = ["read"] }`;
const at = { file: 'recipe.yaml', line: 1, column: 1 };
const reviewer: ServiceAccountName = { namespace: 'a', name: 'vault-reviewer' };

export function fact<T>(value: T): Fact<T> {
  return { known: true, value };
}

/** What could not be looked at. */
export function hidden(
  code: Code = 'operator-forbidden',
  message = 'this token may not',
): { known: false; because: SystemError } {
  return { known: false, because: new SystemError({ code, subject: '', message }) };
}

/** Facts that a test changes, by the one name each has in all its groups. */
export interface Change
  extends Partial<
      Pick<
        Examination,
        'patient' | 'address' | 'kubeconfig' | 'milliseconds' | 'held' | 'secrets' | 'login' | 'otherPolicies'
      >
    >,
    Partial<Examination['vault'] & Omit<Examination['mount'], 'all' | 'found'>> {
  kubernetes?: Examination['cluster']['version'];
  delegators?: Examination['cluster']['delegators'];
  mount?: Examination['mount']['found'];
  mounts?: Examination['mount']['all'];
  handshake?: Examination['host']['configured'];
  ownHandshake?: Examination['host']['own'];
  role?: Examination['role']['stored'];
  roles?: Examination['role']['names'];
  elsewhere?: Examination['role']['elsewhere'];
  bindingRoles?: Examination['role']['binding'];
  policies?: Examination['role']['policies'];
  account?: Examination['account']['found'];
  /** Null: nobody knows one. */
  tried?: ServiceAccountName | null;
  reviewerAccount?: Examination['reviewer']['account'];
  reviewerSecret?: Examination['reviewer']['secret'];
  mayReview?: Examination['reviewer']['mayReview'];
  probe?: Examination['probe'];
  drift?: readonly Drift[];
}

/** One thing after the other replaced in a healthy examination; each call makes a new one. */
export function examination(change: Change = {}): Examination {
  const x: ReturnType<typeof healthy> & Change = Object.assign(healthy(), change);
  const { tried, drift } = x;
  return {
    patient: x.patient,
    address: x.address,
    kubeconfig: x.kubeconfig,
    milliseconds: x.milliseconds ?? 0,
    vault: { health: x.health, operator: x.operator, storage: x.storage ?? unasked },
    cluster: { version: x.kubernetes, delegators: x.delegators ?? unasked },
    held: x.held ?? unasked,
    mount: { found: x.mount, all: x.mounts, impossibleLogin: x.impossibleLogin, config: x.config },
    host: { configured: x.handshake, own: x.ownHandshake },
    role: {
      stored: x.role,
      names: x.roles,
      elsewhere: x.elsewhere ?? new Map(),
      binding: x.bindingRoles ?? [],
      policies: x.policies,
    },
    account: { ...(tried ? { tried } : {}), found: x.account },
    secrets: x.secrets,
    reviewer: { secret: x.reviewerSecret, account: x.reviewerAccount ?? unasked, mayReview: x.mayReview },
    login: x.login,
    otherPolicies: x.otherPolicies ?? unasked,
    probe: x.probe ?? unasked,
    drift: drift ? fact(drift) : unasked,
  };
}

const healthy = () =>
  ({
    patient: {
      mount: 'k',
      role: 'app',
      service_account: { namespace: 'a', name: 'my-sa' },
      can: [{ capability: 'read', path: secret, at }],
      cannot: [],
      recipe,
    },
    address: 'https://vault.example.com:8200',
    kubeconfig: { server: apiHost('https://10.0.0.1:6443'), ca: sampleCa },
    health: fact({ version: '2.7.2', product: 'openbao', sealed: false, initialized: true, standby: false }),
    kubernetes: fact('v1.37.2'),
    operator: fact({ name: 'token-ci', policies: ['operator'], root: false }),
    mount: fact({ type: 'kubernetes', accessor: 'auth_kubernetes_1', description: '' }),
    mounts: fact({ k: 'kubernetes', token: 'token' }),
    impossibleLogin: fact({ status: 400, said: 'invalid role name "vaultbind-no-such-role"' }),
    config: fact(config),
    role: fact(role),
    roles: fact(['app']),
    account: fact({ exists: true, uid: 'u1', namespaceExists: true }),
    tried: { namespace: 'a', name: 'my-sa' },
    login: login(),
    handshake: fact(handshake),
    ownHandshake: fact(handshake),
    reviewerSecret: fact(tokenSecret),
    mayReview: fact({ allowed: true, reason: '' }),
    policies: new Map([['app', fact<string | undefined>(policy)]]),
    secrets: new Map([
      [secret, fact({ engine: { mount: 'secret/', type: 'kv', version: 2 as const }, mounts: ['secret/'] })],
    ]),
  }) satisfies Change;

/** The same without a recipe, as `--mount k --role app` gives it. */
export function withoutRecipe(change: Change = {}): Examination {
  const { recipe: _, ...patient } = examination().patient;
  return examination({ patient, ...change });
}

export const config = {
  kubernetes_host: 'https://10.0.0.1:6443',
  kubernetes_ca_cert: samplePem,
  token_reviewer_jwt_set: true,
  disable_local_ca_jwt: false,
  disable_iss_validation: true,
  issuer: '',
  pem_keys: [],
};

export const role = {
  bound_service_account_names: ['my-sa'],
  bound_service_account_namespaces: ['a'],
  audience: 'vault',
  token_policies: ['app'],
  token_ttl: 3600,
};

export const handshake: Handshake = {
  status: 'ok',
  said: '',
  connected: true,
  chain: [],
  signed: true,
  named: true,
  current: true,
};

const review = { status: 201 as const, authenticated: true, groups: [], audiences: [], said: '' };

export const tokenSecret = {
  type: 'kubernetes.io/service-account-token',
  filled: true,
  serviceAccount: 'vault-reviewer',
  serviceAccountUid: 'u2',
  annotations: { 'written-to.vaultbind.dev/auth_kubernetes_1': 'u3' },
  uid: 'u3',
  review,
};

/** A login that went through. */
export function login(accepted: Partial<Accepted> = {}, rest: Partial<ObservedLogin> = {}): Fact<ObservedLogin> {
  return fact({
    login: {
      account: 'found' as const,
      accepted: {
        policies: ['app', 'default'],
        ttl: 3600,
        warnings: [],
        capabilities: { [secret]: ['read'] },
        answers: { [`GET ${secret}`]: { status: 200, said: '' } },
        untried: {},
        revoked: true,
        ...accepted,
      },
    },
    ...looks,
    ...rest,
  });
}

/** A login that was refused, with what Vault's log said of it; null: it was not heard. */
export function refused(
  said: string,
  log: string[] | null = [],
  rest: Partial<ObservedLogin> = {},
): Fact<ObservedLogin> {
  const status = said === 'permission denied' ? 403 : 400;
  return fact({
    login: { account: 'found' as const, refused: { status, said } },
    ...looks,
    ...(log ? {} : { overheard: { listened: false as const, because: 'this token may not read sys/monitor' } }),
    ...(log ? { overheard: { listened: true as const, lines: log } } : {}),
    ...rest,
  });
}

export const bare = (log: string[] | null = [], rest: Partial<ObservedLogin> = {}) =>
  refused('permission denied', log, rest);

const looks = {
  claims: {
    subject: 'system:serviceaccount:a:my-sa',
    audiences: ['vault'],
    issuer: 'https://kubernetes.default.svc.cluster.local',
  },
  milliseconds: 12,
  overheard: { listened: true as const, lines: [] as string[] },
  review,
};

const recipe: Recipe = {
  name: 'app',
  files: ['recipe.yaml'],
  vault: { at },
  cluster: { at },
  auth: {
    type: usualAuthType,
    path: 'k',
    manage: 'full',
    reviewer: {
      mode: 'token_secret',
      whoReviews: 'account',
      storesToken: true,
      config: {},
      account: reviewer,
      secret: { namespace: reviewer.namespace, name: 'vault-reviewer-token' },
      binding: { name: 'b', accounts: [reviewer] },
      at,
    },
    config: {},
    at,
  },
  policies: [],
  roles: [],
  expect: [],
};

/** What a family says, as a table has it. */
export function told(suspicions: Pick<Suspicion, 'cause' | 'certainty'>[]): string[] {
  return suspicions.map(({ cause, certainty }) => `${cause} ${certainty}`);
}

/** A row of a family's table: what is changed, and what is said of it, best first. */
export type Row = [what: string, change: Change, ...says: `${CauseId} ${Suspicion['certainty']}`[]];
