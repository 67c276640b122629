import type { CoreV1Api, V1ServiceAccount, V1ServiceAccountList } from '@kubernetes/client-node';
import type { KubernetesReader } from './api.ts';
import { isApiRefusal, orMissing } from './errors.ts';
import type { KubernetesMemory } from './remember.ts';

/** Above so many namespaces one list of the whole cluster is cheaper. */
const mostNamespaces = 8;
/** Objects a page; kubectl's number. */
const pageSize = 500;

type Listed = V1ServiceAccount[] | undefined;
type Page = (from: { limit?: number; _continue?: string }) => Promise<V1ServiceAccountList>;

/** ServiceAccounts by name and by list. What a list has shown is not asked for again; what it has not is, by name. */
export function accountLister(
  core: CoreV1Api,
  { recall, known }: KubernetesMemory,
): Pick<KubernetesReader, 'serviceAccount' | 'serviceAccountsIn'> {
  const inNamespace = (namespace: string): Promise<Listed> =>
    recall(question(namespace), () =>
      orRefused(allPages((page) => core.listNamespacedServiceAccount({ namespace, ...page }))),
    );
  const inCluster = (): Promise<Listed> =>
    recall(question(), () => orRefused(allPages((page) => core.listServiceAccountForAllNamespaces(page))));

  return {
    serviceAccount: async ({ namespace, name }) => {
      const listed = (await known<Listed>(question(namespace))) ?? (await known<Listed>(question()));
      const shown = listed && byName(listed).get(`${namespace}/${name}`);
      if (shown) return shown;
      return recall(`serviceaccount ${namespace}/${name}`, () =>
        orMissing(core.readNamespacedServiceAccount({ namespace, name })),
      );
    },
    serviceAccountsIn: async (namespaces) => {
      const names = new Set(namespaces);
      const all = names.size > mostNamespaces ? await inCluster() : undefined;
      if (all) return byNamespace(namespaces, all);
      const lists = await Promise.all([...names].map(async (name) => [name, await inNamespace(name)] as const));
      return new Map(lists);
    },
  };
}

function question(namespace?: string): string {
  return namespace === undefined ? 'serviceaccounts' : `serviceaccounts ${namespace}`;
}

type Groups = Map<string, V1ServiceAccount[]>;
const grouped = new WeakMap<V1ServiceAccount[], { names: string[]; groups: Groups }>();

/** Asked with the same namespaces for each of a thousand accounts: grouped once. */
function byNamespace(names: string[], all: V1ServiceAccount[]): Groups {
  const known = grouped.get(all);
  if (known?.names === names) return known.groups;
  const groups: Groups = new Map(names.map((name) => [name, []]));
  for (const account of all) groups.get(account.metadata?.namespace ?? '')?.push(account);
  grouped.set(all, { names, groups });
  return groups;
}

const indexes = new WeakMap<V1ServiceAccount[], Map<string, V1ServiceAccount>>();

/** By `namespace/name`. A list is indexed once: it is asked for each of a thousand accounts. */
function byName(listed: V1ServiceAccount[]): Map<string, V1ServiceAccount> {
  const index =
    indexes.get(listed) ??
    new Map(listed.map((each) => [`${each.metadata?.namespace}/${each.metadata?.name}`, each] as const));
  indexes.set(listed, index);
  return index;
}

async function allPages(page: Page): Promise<V1ServiceAccount[]> {
  const items: V1ServiceAccount[] = [];
  let next: string | undefined;
  do {
    const list = await page({ limit: pageSize, _continue: next }).catch((error: unknown) => {
      // A page's token can end while the next one is on its way: then all at once.
      if (!next || !isApiRefusal(error, 410)) throw error;
      items.length = 0;
      return page({});
    });
    items.push(...list.items);
    next = list.metadata?._continue;
  } while (next);
  return items;
}

async function orRefused<T>(answer: Promise<T>): Promise<T | undefined> {
  return answer.catch((error: unknown) => {
    if (isApiRefusal(error, 403)) return undefined;
    throw error;
  });
}
