import type { Target } from '../contracts/target.ts';
import { type KubernetesReader, publishedCa } from '../kubernetes/api.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { hostIn } from '../trust/api-host.ts';
import type { CaBundle } from '../trust/ca-bundle.ts';
import { vouchedBy } from '../trust/own-cluster.ts';
import { readCa } from '../trust/read-ca.ts';

type Cluster = Omit<Target['cluster'], 'version'>;

/**
 * The API server as Vault will reach it, and with which CA. Vault sends the reviewer's token there and a recipe may come
 * from anybody, so it is told whether that is this cluster: the kubeconfig's server with another CA is not. Reads the published CA only when the kubeconfig has none.
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
  const own = await ownCa(kubernetes);
  const ca = given ?? own.ca;
  return {
    server,
    host,
    ca,
    source: {
      host: recipe.cluster.host === undefined ? 'kubeconfig' : 'recipe',
      ca: given === undefined ? own.source : 'recipe',
    },
    vouched: vouchedBy({ host, ca }, { server, ca: own.ca }, hostIn(vouched)) !== undefined,
  };
}

async function ownCa(
  kubernetes: KubernetesReader,
): Promise<{ ca?: CaBundle; source: 'kubeconfig' | 'kube-root-ca.crt' | 'none' }> {
  if (kubernetes.ca !== undefined) return { ca: kubernetes.ca, source: 'kubeconfig' };
  const { namespace, name } = publishedCa;
  const text = (await kubernetes.configMap(namespace, name))?.data?.['ca.crt'];
  if (text === undefined) return { source: 'none' };
  return { ca: readCa(text, `ConfigMap ${namespace}/${name}`), source: 'kube-root-ca.crt' };
}
