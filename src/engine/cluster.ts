import type { KubernetesReader } from '../kubernetes/api.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { type ApiHost, hostIn } from '../trust/api-host.ts';
import type { CaBundle } from '../trust/ca-bundle.ts';
import { readCa } from '../trust/read-ca.ts';
import type { Target } from './step.ts';

type Cluster = Omit<Target['cluster'], 'version'>;

/**
 * The API server as Vault will reach it, and with which CA. Reads the published CA only when the kubeconfig has none.
 *
 * @param vouched --cluster-host
 */
export async function clusterOf(
  recipe: Recipe,
  kubernetes: KubernetesReader,
  vouched: string | undefined,
): Promise<Cluster> {
  const { server } = kubernetes;
  const { ca: given, host = server } = recipe.cluster;
  const own = given !== undefined && host === server ? { source: 'none' as const } : await ownCa(recipe, kubernetes);
  const ca = given ?? own.ca;
  return {
    server,
    host,
    ...(ca === undefined ? {} : { ca }),
    source: {
      host: recipe.cluster.host === undefined ? 'kubeconfig' : 'recipe',
      ca: given === undefined ? own.source : 'recipe',
    },
    vouched: host === server || host === hostIn(vouched) || isOwn(host, ca, own.ca),
  };
}

/**
 * Vault sends the reviewer's token to this host. A recipe may come from anybody, so its host counts only when Vault will
 * insist on a certificate that the cluster's own CA signs.
 */
function isOwn(host: ApiHost | '', ca: CaBundle | undefined, own: CaBundle | undefined): boolean {
  return host.startsWith('https:') && ca !== undefined && own !== undefined && ca.isAmong(own);
}

async function ownCa(
  recipe: Recipe,
  kubernetes: KubernetesReader,
): Promise<{ ca?: CaBundle; source: 'kubeconfig' | 'kube-root-ca.crt' | 'none' }> {
  if (kubernetes.ca !== undefined) return { ca: kubernetes.ca, source: 'kubeconfig' };
  const { namespace, name } = publishedCa(recipe);
  const text = (await kubernetes.configMap(namespace, name))?.data?.['ca.crt'];
  if (text === undefined) return { source: 'none' };
  return { ca: readCa(text, `ConfigMap ${namespace}/${name}`), source: 'kube-root-ca.crt' };
}

/** The ConfigMap in which Kubernetes puts its CA into every namespace. */
export function publishedCa({ auth: { reviewer } }: Recipe): { namespace: string; name: string } {
  const namespace = reviewer.mode === 'token_secret' ? reviewer.service_account.namespace : 'default';
  return { namespace, name: 'kube-root-ca.crt' };
}
