import {
  type Configuration,
  CoreV1Api,
  PatchStrategy,
  RbacAuthorizationV1Api,
  setHeaderOptions,
} from '@kubernetes/client-node';
import type { Applicable, KubernetesProber, KubernetesSession } from './api.ts';
import { isRefusal } from './errors.ts';
import { connected } from './library.ts';
import type { Memory } from './remember.ts';

const fieldManager = 'vaultbind';
/** Two writers at the same moment: the server asks the later one to come again. */
const attempts = 4;

export function createSession(prober: KubernetesProber, config: Configuration, memory: Memory): KubernetesSession {
  const core = connected(CoreV1Api, config);
  const rbac = connected(RbacAuthorizationV1Api, config);
  const serverSide = () => setHeaderOptions('Content-Type', PatchStrategy.ServerSideApply);

  async function patch(object: Applicable, how: { force?: boolean }): Promise<unknown> {
    const manager = { fieldManager, ...how };
    const { name = '', namespace = '' } = object.metadata ?? {};
    switch (object.kind) {
      case 'ServiceAccount':
        return core.patchNamespacedServiceAccount(
          { name, namespace, body: { apiVersion: 'v1', ...object }, ...manager },
          serverSide(),
        );
      case 'Secret':
        return core.patchNamespacedSecret({ name, namespace, body: object, ...manager }, serverSide());
      case 'ClusterRoleBinding':
        return rbac.patchClusterRoleBinding(
          { name, body: { apiVersion: 'rbac.authorization.k8s.io/v1', ...object }, ...manager },
          serverSide(),
        );
    }
  }

  return {
    ...prober,
    apply: async (object, { force } = {}) => {
      const how = force === true ? { force } : {};
      memory.forget();
      try {
        await patiently(() => patch(object, how));
      } finally {
        // What was read while the write was under way may be of before.
        memory.forget();
      }
    },
  };
}

async function patiently(write: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await write();
      return;
    } catch (error) {
      if (attempt === attempts || !isRefusal(error, 409) || error.ownedElsewhere) throw error;
    }
  }
}
