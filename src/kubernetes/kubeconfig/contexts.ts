import type { Environment } from '../../model/environment.ts';
import { loadKubeconfig } from './load.ts';

/** The contexts of the kubeconfig that kubectl would read; none when there is no kubeconfig. Contacts nothing. */
export async function listContexts(
  env: Environment,
  kubeconfig: string | undefined,
  cwd: string,
): Promise<{ current?: string; all: { name: string; server: string; namespace?: string }[] }> {
  const { contexts, clusters, currentContext } = await loadKubeconfig(env, kubeconfig, cwd);
  const all = [...contexts.values()].map(({ name, value }) => ({
    name,
    server: clusters.get(value.cluster ?? '')?.value.server ?? '',
    ...(value.namespace ? { namespace: value.namespace } : {}),
  }));
  return { current: currentContext || undefined, all };
}
