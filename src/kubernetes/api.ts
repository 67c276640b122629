import type {
  RbacV1Subject,
  V1ClusterRoleBinding,
  V1ConfigMap,
  V1Namespace,
  V1ServiceAccount,
} from '@kubernetes/client-node';
import type { ServiceAccountName } from '../model/account.ts';
import type { Secret } from '../secret.ts';
import type { ApiHost } from '../trust/api-host.ts';
import type { CaBundle } from '../trust/ca-bundle.ts';
import type { Handshake } from './handshake.ts';
import type { Version } from './version.ts';

/** The type of Secret that the controller manager fills with a token. */
export const tokenSecretType = 'kubernetes.io/service-account-token';

/** Where Kubernetes publishes its CA to everybody. It stands in every namespace; this one only the cluster's admins write. */
export const publishedCa = { namespace: 'kube-public', name: 'kube-root-ca.crt' };

/**
 * May look, by type and by a run-time gate that lets only GET pass. What it reads is remembered until the session
 * writes. A missing object is undefined.
 *
 * Errors of every method: SystemError with a code of codes.ts (kubernetes-forbidden names verb and resource).
 */
export interface KubernetesReader {
  /** Drops what was remembered, so that the next read asks the server again. */
  forget(): void;
  /**
   * What answers at an address, by the way that our own requests take (proxy, NO_PROXY), without showing a credential.
   *
   * @param ca trusted alone; undefined: Node's roots
   */
  look(host: string, ca: CaBundle | undefined): Promise<Handshake>;
  /** The kubeconfig's server; '' when there is none. */
  readonly server: ApiHost | '';
  /** PEM of the kubeconfig's cluster, if it has one. */
  readonly ca?: CaBundle;
  /** Name of the context used; '' in-cluster. */
  readonly context: string;
  /** The kubeconfig's name of the user, or whom it impersonates; what the credentials are where there is no name. */
  readonly user: string;
  /** gitVersion of /version, e.g. v1.37.2. */
  version(): Promise<string>;
  namespace(name: string): Promise<V1Namespace | undefined>;
  /** Names of all. */
  namespaces(): Promise<string[]>;
  serviceAccount(account: ServiceAccountName): Promise<V1ServiceAccount | undefined>;
  /**
   * All accounts of these namespaces, by one list a namespace (up to 8; one cluster list above that); where listing is
   * refused, undefined for that namespace: the caller asks by name.
   */
  serviceAccountsIn(namespaces: string[]): Promise<Map<string, V1ServiceAccount[] | undefined>>;
  tokenSecret(name: ServiceAccountName): Promise<TokenSecret | undefined>;
  configMap(namespace: string, name: string): Promise<V1ConfigMap | undefined>;
  clusterRoleBinding(name: string): Promise<Binding | undefined>;
  /** All of the cluster. */
  clusterRoleBindings(): Promise<V1ClusterRoleBinding[]>;
}

/** A ClusterRoleBinding, and which of its versions this is. */
export type Binding = V1ClusterRoleBinding & { read: Version };

/** A Secret of type kubernetes.io/service-account-token, with its values wrapped. */
export interface TokenSecret {
  read: Version;
  namespace: string;
  name: string;
  uid: string;
  type: string;
  annotations: Record<string, string>;
  labels: Record<string, string>;
  /** Annotation kubernetes.io/service-account.name; undefined when absent. */
  serviceAccount?: string;
  /** Annotation kubernetes.io/service-account.uid: of the account this token was made for. */
  serviceAccountUid?: string;
  /** Undefined until the controller has filled it. */
  token?: Secret;
}

/** A reader that may also ask: the gate adds POST of TokenRequest, TokenReview, SubjectAccessReview, SelfSubjectReview, SelfSubjectAccessReview, SelfSubjectRulesReview. */
export interface KubernetesProber extends KubernetesReader {
  /** A fresh short-lived token. Lifetime may be shorter than asked: read `expires`. Errors: service-account-missing. */
  requestToken(
    account: ServiceAccountName,
    options: { audiences?: string[]; seconds: number },
  ): Promise<RequestedToken>;
  /**
   * TokenReview of `token`. `as` reviews with that bearer token instead of the kubeconfig's credentials, sent only to
   * the kubeconfig's own server; what is tested is then the bearer, so its refusal is an answer and no error.
   */
  reviewToken(token: Secret, options?: { audiences?: string[]; as?: Secret }): Promise<TokenReviewAnswer>;
  /** SelfSubjectReview: the user whom the API server takes us for. */
  whoAmI(): Promise<string>;
  /** SelfSubjectAccessReview. */
  mayI(action: KubernetesAction): Promise<boolean>;
  /** SelfSubjectRulesReview: what we may do in a namespace, and at the cluster scope. */
  rules(namespace: string): Promise<HeldRules>;
  /** SubjectAccessReview: may this user do it? */
  reviewAccess(user: { username: string; groups: string[] }, action: KubernetesAction): Promise<AccessAnswer>;
}

export interface RequestedToken {
  token: Secret;
  expires: Date;
}

/** What POST tokenreviews came back with. */
export interface TokenReviewAnswer {
  /** 201: reviewed; 401: the bearer is dead; 403: it may not create tokenreviews. Any other answer says nothing of the token. */
  status: 201 | 401 | 403;
  authenticated: boolean;
  username?: string;
  uid?: string;
  groups: string[];
  audiences: string[];
  /** status.error, or the message of a refusal; scrubbed. '' when none. */
  said: string;
}

/** Rules as RBAC has them; `*` stands for all. */
export interface HeldRules {
  rules: { verbs: string[]; apiGroups: string[]; resources: string[]; resourceNames: string[] }[];
  /** An authorizer that cannot list its rules may allow more. */
  incomplete: boolean;
}

export interface KubernetesAction {
  verb: string;
  group: string;
  resource: string;
  subresource?: string;
  namespace?: string;
  name?: string;
}

export interface AccessAnswer {
  allowed: boolean;
  reason: string;
}

/** An object to make. Only the kinds the steps make. */
export type Creatable =
  | (V1ServiceAccount & { kind: 'ServiceAccount' })
  | (V1ClusterRoleBinding & { kind: 'ClusterRoleBinding' })
  | {
      apiVersion: 'v1';
      kind: 'Secret';
      type: typeof tokenSecretType;
      metadata: {
        name: string;
        namespace: string;
        annotations?: Record<string, string>;
        labels?: Record<string, string>;
      };
    };

/** Fields to set on an object as it was read: what stands in `set` replaces what is there, the rest of it stays. */
export type Update =
  | { kind: 'ClusterRoleBinding'; of: Pick<Binding, 'read'>; set: { subjects: RbacV1Subject[] } }
  | { kind: 'Secret'; of: Pick<TokenSecret, 'read'>; set: { annotations: Record<string, string> } };

/**
 * May write: the gate also lets the POST of the kinds in Creatable pass, and a PATCH of those in Update that names the
 * version it was made of. An object that somebody wrote since is never overwritten: what was read must be read again.
 */
export interface KubernetesSession extends KubernetesProber {
  /** Makes an object as field manager `vaultbind`. `exists`: there is one of that name, and it was left as it is. */
  create(object: Creatable): Promise<'created' | 'exists'>;
  /**
   * Sets fields as field manager `vaultbind`. `stale`: somebody wrote or removed the object since it was read, and it
   * was left as it is. Errors: FailedError field-conflict, without a request, when another manager owns one of the fields.
   */
  update(change: Update): Promise<'updated' | 'stale'>;
}
