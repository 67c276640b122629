import type { KubernetesReader } from '../kubernetes/api.ts';
import { isAmong } from '../kubernetes/certificates.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { Target } from './step.ts';

type Cluster = Omit<Target['cluster'], 'version'>;

/** The API server as Vault will reach it, and with which CA. Reads the published CA only when the kubeconfig has none. */
export async function clusterOf(
  recipe: Recipe,
  kubernetes: KubernetesReader,
  vouched: string | undefined,
): Promise<Cluster> {
  const { server } = kubernetes;
  const { ca: given, host = server } = recipe.cluster;
  const own =
    given !== undefined && sameUrl(host, server) ? { source: 'none' as const } : await ownCa(recipe, kubernetes);
  const ca = given ?? own.ca;
  return {
    server,
    host,
    ...(ca === undefined ? {} : { ca }),
    source: {
      host: recipe.cluster.host === undefined ? 'kubeconfig' : 'recipe',
      ca: given === undefined ? own.source : 'recipe',
    },
    vouched: sameUrl(host, server) || sameUrl(host, vouched) || isOwn(host, ca, own.ca),
  };
}

/**
 * Vault sends the reviewer's token to this host. A recipe may come from anybody, so its host counts only when Vault will
 * insist on a certificate that the cluster's own CA signs.
 */
function isOwn(host: string, ca: string | undefined, own: string | undefined): boolean {
  return host.startsWith('https:') && ca !== undefined && own !== undefined && isAmong(ca, own);
}

async function ownCa(
  recipe: Recipe,
  kubernetes: KubernetesReader,
): Promise<{ ca?: string; source: 'kubeconfig' | 'kube-root-ca.crt' | 'none' }> {
  if (kubernetes.ca !== undefined) return { ca: kubernetes.ca, source: 'kubeconfig' };
  const { namespace, name } = publishedCa(recipe);
  const ca = (await kubernetes.configMap(namespace, name))?.data?.['ca.crt'];
  return ca === undefined ? { source: 'none' } : { ca, source: 'kube-root-ca.crt' };
}

/** The ConfigMap in which Kubernetes puts its CA into every namespace. */
export function publishedCa({ auth: { reviewer } }: Recipe): { namespace: string; name: string } {
  const namespace = reviewer.mode === 'token_secret' ? reviewer.service_account.namespace : 'default';
  return { namespace, name: 'kube-root-ca.crt' };
}

function sameUrl(one: string, other: string | undefined): boolean {
  if (other === undefined || !URL.canParse(one) || !URL.canParse(other)) return one === other;
  return new URL(one).href === new URL(other).href;
}
