import type { KubernetesAction, KubernetesProber } from '../../kubernetes/api.ts';
import { accountText, parseAccount } from '../../model/account.ts';
import { once } from '../../model/recall.ts';
import { foundOr, onceEach, type Seen, seen } from './look-once.ts';

/** What the wizard can find out about one cluster; each look is made once, when a question needs it. */
export interface ClusterLook {
  /** URL of the kubeconfig's server. */
  server: string;
  version(): Promise<Seen<string>>;
  whoAmI(): Promise<Seen<string>>;
  /** In words, what apply needs and this user may not do. */
  lacking(): Promise<string[]>;
  /** Where the cluster's CA is known from; undefined: from nowhere. */
  ca(): Promise<'kubeconfig' | 'kube-root-ca.crt' | undefined>;
  namespaces(): Promise<Seen<string[]>>;
  /** All accounts as `namespace/name`, those of the cluster itself left out. */
  accounts(): Promise<Seen<string[]>>;
  /** Undefined: it may not be looked at. */
  namespaceExists(name: string): Promise<boolean | undefined>;
  accountExists(account: string): Promise<boolean | undefined>;
  /** Of an account `namespace/name`: whether the Secret exists. */
  tokenSecretExists(account: string, secret: string): Promise<boolean | undefined>;
}

const wanted: [what: string, action: KubernetesAction][] = [
  ['make ServiceAccounts', { verb: 'create', group: '', resource: 'serviceaccounts' }],
  ['make token Secrets', { verb: 'create', group: '', resource: 'secrets' }],
  ['make ClusterRoleBindings', { verb: 'create', group: 'rbac.authorization.k8s.io', resource: 'clusterrolebindings' }],
  ['make tokens to prove logins', { verb: 'create', group: '', resource: 'serviceaccounts', subresource: 'token' }],
];

export function lookAtCluster(kubernetes: KubernetesProber): ClusterLook {
  const namespaces = once(() => seen(() => kubernetes.namespaces()));
  const exists = async (look: () => Promise<unknown>) => {
    const found = await seen(look);
    return 'found' in found ? found.found !== undefined : undefined;
  };
  return {
    server: kubernetes.server,
    version: once(() => seen(() => kubernetes.version())),
    whoAmI: once(() => seen(() => kubernetes.whoAmI())),
    lacking: once(async () => {
      const answers = await Promise.all(wanted.map(([, action]) => seen(() => kubernetes.mayI(action))));
      return wanted.flatMap(([what], index) => (foundOr(answers[index] ?? { found: true }, true) ? [] : [what]));
    }),
    ca: once(async () => {
      if (kubernetes.ca !== undefined) return 'kubeconfig';
      const map = await seen(() => kubernetes.configMap('default', 'kube-root-ca.crt'));
      return foundOr(map, undefined)?.data?.['ca.crt'] ? 'kube-root-ca.crt' : undefined;
    }),
    namespaces,
    accounts: once(async () => {
      const all = await namespaces();
      if ('failed' in all) return all;
      return await seen(() =>
        accountsIn(
          kubernetes,
          all.found.filter((name) => !name.startsWith('kube-')),
        ),
      );
    }),
    namespaceExists: onceEach((name) => exists(() => kubernetes.namespace(name))),
    accountExists: onceEach((account) =>
      exists(async () => {
        const name = parseAccount(account);
        return name && (await kubernetes.serviceAccount(name));
      }),
    ),
    tokenSecretExists: (account, secret) =>
      exists(async () => {
        const namespace = parseAccount(account)?.namespace;
        return namespace && (await kubernetes.tokenSecret({ namespace, name: secret }));
      }),
  };
}

async function accountsIn(kubernetes: KubernetesProber, namespaces: string[]): Promise<string[]> {
  const lists = await kubernetes.serviceAccountsIn(namespaces);
  return [...lists.values()]
    .flatMap((accounts) => accounts ?? [])
    .map(({ metadata }) => accountText({ namespace: metadata?.namespace ?? '', name: metadata?.name ?? '' }))
    .toSorted();
}
