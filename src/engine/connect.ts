import { setTimeout as delay } from 'node:timers/promises';
import type { Target } from '../contracts/target.ts';
import { type Problem, SystemError, VaultbindError } from '../errors.ts';
import type { RequestLog } from '../http/transport.ts';
import {
  type KubernetesProber,
  type KubernetesReader,
  type KubernetesSession,
  publishedCa,
} from '../kubernetes/api.ts';
import type { Kubernetes } from '../kubernetes/client.ts';
import type { KubernetesConnection } from '../kubernetes/connection.ts';
import type { Access } from '../model/rights.ts';
import type { Work } from '../model/work.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { absentBrowser, absentScratch, absentVault } from '../vault/absent.ts';
import type { VaultBrowser, VaultProber, VaultReader, VaultScratch, VaultSession } from '../vault/api.ts';
import type { Vault } from '../vault/client.ts';
import type { VaultConnection } from '../vault/connection.ts';
import { clusterOf } from './cluster.ts';

/** Clients of both systems, at three levels of what may be done. */
export interface Clients {
  reading: { vault: VaultReader; kubernetes: KubernetesReader };
  probing: { vault: VaultProber; kubernetes: KubernetesProber };
  session: { vault: VaultSession; kubernetes: KubernetesSession };
  /** For the scratch mounts of doctor --probe. */
  scratch: VaultScratch;
  /** For the wizard. */
  browser: VaultBrowser;
  /** Milliseconds for one request. */
  timeout: number;
  close(): Promise<void>;
}

export interface ConnectSettings {
  /** An error: why there is no way to this system; everything asked of it fails with that. */
  vault: VaultConnection | VaultbindError;
  kubernetes: KubernetesConnection | VaultbindError;
  userAgent: string;
  /** Requests at once, to each system. */
  parallel: number;
  /** Milliseconds for one request. */
  timeout: number;
  log?: (line: RequestLog) => void;
  work: Work;
}

/** Makes the clients, loaded only now: what reads alone is quicker without them. Nothing is contacted yet. */
export async function openClients(settings: ConnectSettings): Promise<Clients> {
  const { userAgent, parallel, timeout, log, work } = settings;
  const options = { userAgent, parallel, timeout, work, log };
  const vault = await vaultOf(settings.vault, options);
  const kubernetes = await kubernetesOf(settings.kubernetes, options);
  return {
    reading: { vault: vault.reader, kubernetes: kubernetes.reader },
    probing: { vault: vault.prober, kubernetes: kubernetes.prober },
    session: { vault: vault.session, kubernetes: kubernetes.session },
    scratch: vault.scratch,
    browser: vault.browser,
    timeout,
    close: async () => {
      await Promise.all([vault.close(), kubernetes.close()]);
    },
  };
}

type Options = Omit<ConnectSettings, 'vault' | 'kubernetes'>;

async function vaultOf(connection: ConnectSettings['vault'], options: Options): Promise<Vault> {
  if (!(connection instanceof VaultbindError))
    return (await import('../vault/client.ts')).createVault(connection, options);
  const absent = absentVault(connection);
  return {
    reader: absent,
    prober: absent,
    session: absent,
    scratch: absentScratch(connection),
    browser: absentBrowser(connection),
    sent: [],
    close: async () => undefined,
  };
}

async function kubernetesOf(connection: ConnectSettings['kubernetes'], options: Options): Promise<Kubernetes> {
  const { work, ...speaking } = options;
  if (!(connection instanceof VaultbindError)) {
    const { createKubernetes } = await import('../kubernetes/client.ts');
    return createKubernetes(connection, { ...speaking, signal: work.cut, begin: work.begin });
  }
  const { absentKubernetes } = await import('../kubernetes/absent.ts');
  const absent = absentKubernetes(connection);
  return { reader: absent, prober: absent, session: absent, sent: () => [], close: async () => undefined };
}

/** What connecting takes. sys/health and /version need no right. */
export function connectAccess({ cluster }: Target): Access[] {
  if (cluster.source.ca === 'kubeconfig') return [];
  const configmap = { group: '', resource: 'configmaps', ...publishedCa };
  return [{ system: 'kubernetes', verb: 'get', ...configmap, phase: 'plan' }];
}

/**
 * Learns what the steps need to know, once. Errors: SystemError when either does not answer (sealed, unreachable, not
 * trusted, …).
 *
 * @param vouched --cluster-host: the operator's own word for the recipe's cluster.host.
 */
export async function targetOf(
  recipe: Recipe,
  { vault, kubernetes }: Clients['reading'],
  vouched: string | undefined,
): Promise<Target> {
  const [health, version] = await both(vault.health(), kubernetes.version());
  const { product, version: vaultVersion } = health;
  return {
    recipe,
    vault: { address: vault.address, namespace: vault.namespace, product, version: vaultVersion },
    cluster: { ...(await clusterOf(recipe, kubernetes, vouched)), version },
  };
}

/** Milliseconds that a failure waits for what the other system says. */
const grace = 1000;

/** Errors: those of both, when neither answers. */
async function both<A, B>(one: Promise<A>, other: Promise<B>): Promise<[A, B]> {
  try {
    return await Promise.all([one, other]);
  } catch (first) {
    const all = await Promise.all([one, other].map((answer) => Promise.race([failureOf(answer), delay(grace, [])])));
    const [problem, ...rest] = all.flat();
    if (!(first instanceof SystemError) || !problem) throw first;
    throw new SystemError(problem, ...rest);
  }
}

function failureOf(answer: Promise<unknown>): Promise<Problem[]> {
  return answer.then(
    () => [],
    (error: unknown) => (error instanceof SystemError ? error.problems : []),
  );
}
