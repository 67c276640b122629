import type { Experiment } from '../contracts/experiment.ts';
import type { TokenReviewAnswer } from '../kubernetes/api.ts';
import type { Handshake } from '../kubernetes/handshake.ts';
import { claims } from '../kubernetes/jwt.ts';
import { accountText, type ServiceAccountName } from '../model/account.ts';
import { accountAddress, secretAddress } from '../model/addresses.ts';
import { readCa } from '../trust/read-ca.ts';

/** Trusting exactly the CA in the config. A CA that is no PEM is a fact unknown because of ca-malformed. */
export const apiHandshake: Experiment<{ host: string; ca: string }, Handshake> = {
  id: 'api-handshake',
  title: ({ host }) => `TLS handshake with ${host}, trusting the CA in the auth config`,
  cost: 'read',
  access: () => [],
  requests: () => 1,
  run: async ({ kubernetes }, { host, ca }) => kubernetes.look(host, ca === '' ? undefined : readCa(ca)),
};

/** GET /version: does the API server answer, and take the kubeconfig's credentials? Needs no right. */
export const kubernetesVersion: Experiment<null, string> = {
  id: 'kubernetes-version',
  title: () => 'GET /version of the API server',
  cost: 'read',
  access: () => [],
  run: ({ kubernetes }) => kubernetes.version(),
};

export interface FoundAccount {
  exists: boolean;
  uid?: string;
  namespaceExists: boolean;
}

export const serviceAccountFact: Experiment<ServiceAccountName, FoundAccount> = {
  id: 'service-account',
  title: (account) => `get ${accountAddress(account)}`,
  cost: 'read',
  access: ({ namespace, name }) => [
    { system: 'kubernetes', verb: 'get', group: '', resource: 'serviceaccounts', namespace, name, phase: 'verify' },
    {
      system: 'kubernetes',
      verb: 'get',
      group: '',
      resource: 'namespaces',
      name: namespace,
      phase: 'verify',
      optional: 'a missing account cannot be told from a missing namespace',
    },
  ],
  run: async ({ kubernetes }, account) => {
    const found = await kubernetes.serviceAccount(account);
    const uid = found?.metadata?.uid;
    if (found) return { exists: true, namespaceExists: true, uid };
    return { exists: false, namespaceExists: (await kubernetes.namespace(account.namespace)) !== undefined };
  },
};

/** Somebody who is bound to system:auth-delegator, and by which ClusterRoleBinding. */
export interface Delegator {
  binding: string;
  kind: string;
  name: string;
  /** Of a ServiceAccount. */
  namespace?: string;
}

/** Who may create tokenreviews by system:auth-delegator. */
export const delegators: Experiment<null, Delegator[]> = {
  id: 'delegators',
  title: () => 'list ClusterRoleBindings to system:auth-delegator',
  cost: 'read',
  access: () => [
    {
      system: 'kubernetes',
      verb: 'list',
      group: 'rbac.authorization.k8s.io',
      resource: 'clusterrolebindings',
      phase: 'verify',
      optional: 'nobody is warned of others who may have tokens reviewed',
    },
  ],
  run: async ({ kubernetes }) =>
    (await kubernetes.clusterRoleBindings())
      .filter(({ roleRef }) => roleRef.kind === 'ClusterRole' && roleRef.name === 'system:auth-delegator')
      .flatMap(({ metadata, subjects = [] }) =>
        subjects.map(({ kind, name, namespace }) => ({
          binding: metadata?.name ?? '',
          kind,
          name,
          namespace,
        })),
      ),
};

/** What can be told of the reviewer's token Secret without its token. */
export interface FoundTokenSecret {
  type: string;
  filled: boolean;
  serviceAccount?: string;
  serviceAccountUid?: string;
  annotations: Record<string, string>;
  uid: string;
  /** End of the token; absent: it has none. */
  expires?: Date;
  /** The token judged by itself as bearer; absent when it is empty. */
  review?: TokenReviewAnswer;
}

export const reviewerTokenSecret: Experiment<ServiceAccountName, FoundTokenSecret | undefined> = {
  id: 'token-secret',
  title: (secret) => `get ${secretAddress(secret)} and review its token with itself`,
  cost: 'review',
  access: ({ namespace, name }) => [
    { system: 'kubernetes', verb: 'get', group: '', resource: 'secrets', namespace, name, phase: 'verify' },
  ],
  run: async ({ kubernetes }, name) => {
    const found = await kubernetes.tokenSecret(name);
    if (!found) return undefined;
    const { type, annotations, uid, serviceAccount, serviceAccountUid, token } = found;
    const { expires } = (token && claims(token)) ?? {};
    const review = token && !token.empty ? await kubernetes.reviewToken(token, { as: token }) : undefined;
    return {
      type,
      annotations,
      uid,
      filled: review !== undefined,
      expires,
      serviceAccount,
      serviceAccountUid,
      review,
    };
  },
};

/** Whether an account may create tokenreviews, by SubjectAccessReview. */
export const mayReview: Experiment<ServiceAccountName, { allowed: boolean; reason: string }> = {
  id: 'may-review',
  title: (account) => `SubjectAccessReview: may ${accountText(account)} create tokenreviews`,
  cost: 'review',
  access: () => [
    {
      system: 'kubernetes',
      verb: 'create',
      group: 'authorization.k8s.io',
      resource: 'subjectaccessreviews',
      phase: 'verify',
    },
  ],
  run: ({ kubernetes }, { namespace, name }) =>
    kubernetes.reviewAccess(
      {
        username: `system:serviceaccount:${namespace}:${name}`,
        groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
      },
      { verb: 'create', group: 'authentication.k8s.io', resource: 'tokenreviews' },
    ),
};
