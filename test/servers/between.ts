import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { stringify } from 'yaml';
import { type Faults, type Seen, startFaults } from './faults.ts';
import { kubernetes as kubernetesAsAdmin } from './raw.ts';
import { servers } from './servers.ts';
import type { RecipeData, Workbench } from './workbench.ts';

/** A proxy before each system, so that a test counts requests and lets them fail between any two. */
export interface Between {
  vault: Faults;
  kubernetes: Faults;
  env: Record<string, string>;
  /** Writes that arrived so far, at both. */
  writes(): string[];
  /** Called with each write as it arrives, before it is passed on; its number counts from 1. */
  onWrite(react: (number: number) => 'pass' | 'lose-answer' | 'reset' | 'slow'): void;
  close(): Promise<void>;
}

export async function between(
  bench: Workbench,
  vaultAddress = servers().vaults[bench.product].address,
): Promise<Between> {
  const { server, ca, clientCertificate, clientKey } = servers().kubernetes;
  const vault = await startFaults({ target: vaultAddress });
  const kubernetes = await startFaults({ target: server, forward: { ca, cert: clientCertificate, key: clientKey } });
  await caPublished(bench.namespace);
  const kubeconfig = join(bench.folder, 'between.kubeconfig');
  writeFileSync(kubeconfig, stringify(kubeconfigFor(kubernetes.url)));
  writeFileSync(join(bench.folder, 'ca.pem'), ca);
  return {
    vault,
    kubernetes,
    env: { ...bench.env, VAULT_ADDR: vault.url, KUBECONFIG: kubeconfig },
    writes: () => [...vault.seen, ...kubernetes.seen].filter(isWrite).map(({ method, path }) => `${method} ${path}`),
    onWrite: (react) => {
      let number = 0;
      const told = new Map<Seen, ReturnType<typeof react>>();
      const reactionTo = (request: Seen) => {
        const known = told.get(request);
        if (known) return known;
        number += 1;
        const reaction = react(number);
        told.set(request, reaction);
        return reaction;
      };
      for (const faults of [vault, kubernetes]) {
        faults.inject({
          fault: { kind: 'lose-answer' },
          when: (one) => isWrite(one) && reactionTo(one) === 'lose-answer',
        });
        faults.inject({ fault: { kind: 'reset' }, when: (one) => isWrite(one) && reactionTo(one) === 'reset' });
        faults.inject({
          fault: { kind: 'delay', milliseconds: 400 },
          when: (one) => isWrite(one) && reactionTo(one) === 'slow',
        });
      }
    },
    close: async () => {
      await Promise.all([vault.close(), kubernetes.close()]);
    },
  };
}

/** For a kubeconfig without a CA: the cluster's own is published in a new namespace only a moment later. */
export async function caPublished(namespace: string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const { status } = await kubernetesAsAdmin('GET', `/api/v1/namespaces/${namespace}/configmaps/kube-root-ca.crt`);
    if (status === 200) return;
    await setTimeout(100);
  }
  throw new Error(`no CA was published in namespace ${namespace}`);
}

/** What the kubeconfig would say without the proxy, said by the recipe. */
export function reachedDirectly(recipe: RecipeData): RecipeData {
  return { ...recipe, cluster: { host: servers().kubernetes.server, ca: './ca.pem' } };
}

const asking = /\/(login|revoke-self|revoke-accessor|capabilities-self)$/;

const making = /\/(serviceaccounts|secrets|clusterrolebindings)(\?.*)?$/;

function isWrite({ method, path }: Seen): boolean {
  if (method === 'PATCH' || (method === 'POST' && making.test(path))) return true;
  return (method === 'POST' || method === 'PUT') && path.startsWith('/v1/') && !asking.test(path);
}

function kubeconfigFor(server: string) {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'between',
    clusters: [{ name: 'between', cluster: { server } }],
    users: [{ name: 'admin', user: {} }],
    contexts: [{ name: 'between', context: { cluster: 'between', user: 'admin' } }],
  };
}
