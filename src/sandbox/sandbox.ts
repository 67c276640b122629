import { join } from 'node:path';
import { makeFolder } from './folder.ts';
import { type KubernetesServer, startKubernetes } from './kubernetes.ts';
import type { SandboxContext } from './options.ts';
import { startVault, type VaultProduct, type VaultServer } from './vault.ts';

export interface SandboxSetOptions {
  /** Each server gets a folder of its own below it. */
  folder: string;
  /** One Vault each; none when empty. */
  products: VaultProduct[];
  /** Serve the Vaults by https with an own authority. Default false. */
  tls?: boolean;
}

/** A Kubernetes control plane and its Vaults. */
export interface Sandbox {
  kubernetes: KubernetesServer;
  /** In the order asked for. */
  vaults: VaultServer[];
  /** KUBECONFIG, and the first Vault's VAULT_ADDR, VAULT_TOKEN, VAULT_CACERT. Holds the token in clear. */
  environment(): Record<string, string>;
  stop(): Promise<void>;
}

/** Starts all at once; when one fails or the signal is aborted the others are ended too. */
export async function startSandbox(options: SandboxSetOptions, context: SandboxContext): Promise<Sandbox> {
  const folder = await makeFolder(options.folder);
  const giveUp = new AbortController();
  const signal = context.signal ? AbortSignal.any([context.signal, giveUp.signal]) : giveUp.signal;
  const inner = { ...context, signal };
  const starts = [
    startKubernetes({ folder: join(folder, 'kubernetes') }, inner),
    ...options.products.map((product) =>
      startVault({ product, tls: options.tls ?? false, folder: join(folder, product) }, inner),
    ),
  ] as const;
  let reason: unknown;
  const results = await Promise.allSettled(
    starts.map((start) =>
      (start as Promise<KubernetesServer | VaultServer>).catch((error: unknown) => {
        reason ??= error;
        giveUp.abort();
        throw error;
      }),
    ),
  );
  const started = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  if (reason !== undefined) {
    await Promise.all(started.map((server) => server.stop()));
    throw reason;
  }
  const [kubernetes, ...vaults] = started as [KubernetesServer, ...VaultServer[]];
  return {
    kubernetes,
    vaults,
    environment: () => ({ ...vaults[0]?.environment(), KUBECONFIG: kubernetes.kubeconfig }),
    stop: async () => void (await Promise.all(started.map((server) => server.stop()))),
  };
}
