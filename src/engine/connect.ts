import type { RequestLog } from '../http/transport.ts';
import type { KubernetesProber, KubernetesReader, KubernetesSession } from '../kubernetes/api.ts';
import { createKubernetes } from '../kubernetes/client.ts';
import type { KubernetesConnection } from '../kubernetes/connect.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { VaultProber, VaultReader, VaultSession } from '../vault/api.ts';
import { createVault } from '../vault/client.ts';
import type { VaultConnection } from '../vault/connect.ts';
import { clusterOf, publishedCa } from './cluster.ts';
import type { Access, Target } from './step.ts';

/** Both systems, connected, at three levels of what may be done. */
export interface Connected {
  target: Target;
  reading: { vault: VaultReader; kubernetes: KubernetesReader };
  probing: { vault: VaultProber; kubernetes: KubernetesProber };
  session: { vault: VaultSession; kubernetes: KubernetesSession };
  /** Milliseconds for one request. */
  timeout: number;
  close(): Promise<void>;
}

export interface ConnectSettings {
  vault: VaultConnection;
  kubernetes: KubernetesConnection;
  /** --cluster-host: the operator's own word for the recipe's cluster.host. */
  clusterHost?: string;
  userAgent: string;
  /** Requests at once, to each system. */
  parallel: number;
  /** Milliseconds for one request. */
  timeout: number;
  log?: (line: RequestLog) => void;
}

/**
 * Opens both clients and learns what the steps need to know, once. Errors: SystemError when either does not answer
 * (sealed, unreachable, not trusted, …).
 */
export async function connect(recipe: Recipe, settings: ConnectSettings): Promise<Connected> {
  const { userAgent, parallel, timeout, log } = settings;
  const options = { userAgent, parallel, timeout, ...(log ? { log } : {}) };
  const vault = createVault(settings.vault, options);
  const kubernetes = createKubernetes(settings.kubernetes, options);
  const close = async () => {
    await Promise.all([vault.close(), kubernetes.close()]);
  };
  try {
    const reading = { vault: vault.reader, kubernetes: kubernetes.reader };
    return {
      target: await targetOf(recipe, reading, settings.clusterHost),
      reading,
      probing: { vault: vault.prober, kubernetes: kubernetes.prober },
      session: { vault: vault.session, kubernetes: kubernetes.session },
      timeout,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What connecting takes. sys/health and /version need no right. */
export function connectAccess({ recipe, cluster }: Target): Access[] {
  if (cluster.source.ca === 'kubeconfig') return [];
  const configmap = { group: '', resource: 'configmaps', ...publishedCa(recipe) };
  return [{ system: 'kubernetes', verb: 'get', ...configmap, phase: 'plan' }];
}

async function targetOf(
  recipe: Recipe,
  { vault, kubernetes }: Connected['reading'],
  vouched: string | undefined,
): Promise<Target> {
  const [health, version] = await Promise.all([vault.health(), kubernetes.version()]);
  const { product, version: vaultVersion } = health;
  return {
    recipe,
    vault: { address: vault.address, namespace: vault.namespace, product, version: vaultVersion },
    cluster: { ...(await clusterOf(recipe, kubernetes, vouched)), version },
  };
}
