import { join } from 'node:path';
import type { SandboxContext } from './options.ts';
import { makeFolder } from './processes/folder.ts';
import { findPrograms } from './programs/find.ts';
import { hashicorpVault, kubernetesPrograms, openbao, type ProgramPackage } from './programs/programs.ts';
import { type KubernetesServer, startKubernetes } from './servers/kubernetes.ts';
import { type SandboxVault, startVault, vaultPrograms } from './servers/vault.ts';
import { startVaultCluster } from './servers/vault-cluster.ts';
import type { VaultProduct } from './servers/vault-options.ts';

export interface SandboxOptions {
  /** Each server gets a folder of its own below it. */
  folder: string;
  /** One Vault each; none when empty. */
  products: VaultProduct[];
  /** Serve the Vaults by https with an own authority. Default false. */
  tls?: boolean;
  /** Of each Vault; more than one share their data by raft. Default 1. */
  nodes?: number;
}

/** A Kubernetes control plane and its Vaults. */
export interface Sandbox {
  kubernetes: KubernetesServer;
  /** In the order asked for; of a cluster all nodes, the first leader first. */
  vaults: SandboxVault[];
  /** KUBECONFIG, and the first Vault's VAULT_ADDR, VAULT_TOKEN, VAULT_CACERT. Holds the token in clear. */
  environment(): Record<string, string>;
  stop(): Promise<void>;
}

/**
 * Starts all at once; when one fails or the signal is aborted the others are ended too.
 * @throws InputError tool-missing; SystemError build-failed, server-failed; InterruptedError.
 */
export async function startSandbox(options: SandboxOptions, context: SandboxContext): Promise<Sandbox> {
  const wanted = [...options.products.map((product) => vaultPrograms[product].from), kubernetesPrograms];
  // One after the other: two builds at once would only take turns, and their progress lines would mix.
  for (const each of wanted) await findPrograms(each, context);
  const folder = await makeFolder(options.folder);
  return await context.progress.during(`Starting ${titles(wanted)}`, async () => {
    const group = new AbortController();
    const signal = context.signal ? AbortSignal.any([context.signal, group.signal]) : group.signal;
    const started = startEach(options, folder, { ...context, signal });
    // The first failure is the cause; the others then fail of being told to stop.
    const first = await Promise.all(started).then(
      () => undefined,
      (error: unknown) => error ?? new Error('failed'),
    );
    if (first !== undefined) {
      group.abort();
      await stopAll(await settled(started));
      throw first;
    }
    return compose(await settled(started));
  });
}

type Server = KubernetesServer | SandboxVault;

function startEach(options: SandboxOptions, folder: string, context: SandboxContext): Promise<Server[]>[] {
  const { tls = false, nodes = 1 } = options;
  const vaults = options.products.map(async (product) => {
    const vault = { product, tls, folder: join(folder, product) };
    return nodes === 1 ? [await startVault(vault, context)] : await startVaultCluster(vault, nodes, context);
  });
  const plane = startKubernetes({ folder: join(folder, 'kubernetes') }, context);
  return [plane.then((server) => [server]), ...vaults];
}

async function settled(started: Promise<Server[]>[]): Promise<Server[]> {
  const results = await Promise.allSettled(started);
  return results.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
}

function compose(servers: Server[]): Sandbox {
  const [plane, ...vaults] = servers as [KubernetesServer, ...SandboxVault[]];
  return {
    kubernetes: plane,
    vaults,
    environment: () => ({ ...vaults[0]?.environment(), KUBECONFIG: plane.kubeconfig }),
    stop: () => stopAll(servers),
  };
}

async function stopAll(servers: Server[]): Promise<void> {
  await Promise.all(servers.map((server) => server.stop()));
}

function titles(wanted: ProgramPackage[]): string {
  return [openbao, hashicorpVault, kubernetesPrograms]
    .filter((each) => wanted.includes(each))
    .map((each) => each.title)
    .join(', ');
}
