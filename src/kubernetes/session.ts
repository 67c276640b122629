import {
  type Configuration,
  CoreV1Api,
  PatchStrategy,
  RbacAuthorizationV1Api,
  setHeaderOptions,
} from '@kubernetes/client-node';
import { FailedError } from '../errors.ts';
import type { Creatable, KubernetesProber, KubernetesSession, Update } from './api.ts';
import { isApiRefusal } from './errors.ts';
import { connected } from './library.ts';
import { fieldManager, ownedByOthers } from './owners.ts';
import { ownedElsewhere } from './refusals/conflict.ts';
import type { KubernetesMemory } from './remember.ts';

/**
 * Two ways to write, and neither can lose what somebody else wrote: making what is not there (POST), and setting fields
 * of the version that was read. There is no way to write upon an object that was not looked at, and none to force.
 */
export function createKubernetesSession(
  prober: KubernetesProber,
  config: Configuration,
  memory: KubernetesMemory,
): KubernetesSession {
  const core = connected(CoreV1Api, config);
  const rbac = connected(RbacAuthorizationV1Api, config);
  const merge = () => setHeaderOptions('Content-Type', PatchStrategy.MergePatch);

  function post(object: Creatable): Promise<unknown> {
    const namespace = object.metadata?.namespace ?? '';
    switch (object.kind) {
      case 'ServiceAccount':
        return core.createNamespacedServiceAccount({ namespace, body: { apiVersion: 'v1', ...object }, fieldManager });
      case 'Secret':
        return core.createNamespacedSecret({ namespace, body: object, fieldManager });
      case 'ClusterRoleBinding':
        return rbac.createClusterRoleBinding({
          body: { apiVersion: 'rbac.authorization.k8s.io/v1', ...object },
          fieldManager,
        });
    }
  }

  function patch({ kind, of, set }: Update): Promise<unknown> {
    const { name, namespace, resourceVersion } = of.read;
    switch (kind) {
      case 'Secret':
        return core.patchNamespacedSecret(
          { name, namespace, body: { metadata: { resourceVersion, ...set } }, fieldManager },
          merge(),
        );
      case 'ClusterRoleBinding':
        return rbac.patchClusterRoleBinding(
          { name, body: { metadata: { resourceVersion }, ...set }, fieldManager },
          merge(),
        );
    }
  }

  /** What was read before a write, or while it was under way, may be of before. */
  async function afresh<T>(write: () => Promise<T>): Promise<T> {
    memory.forget();
    return write().finally(() => memory.forget());
  }

  return {
    ...prober,
    create: (object) =>
      afresh(async () => {
        const there = await unless(
          post(object),
          (error) => isApiRefusal(error, 409) && error.reason === 'AlreadyExists',
        );
        return there ? 'exists' : 'created';
      }),
    update: (change) =>
      afresh(async () => {
        expectOurs(change);
        const gone = (error: unknown) => isApiRefusal(error, 404) && error.reason === 'NotFound';
        const stale = await unless(patch(change), (error) => isApiRefusal(error, 409) || gone(error));
        return stale ? 'stale' : 'updated';
      }),
  };
}

/** True when it failed in this way; any other failure stays one. */
async function unless(write: Promise<unknown>, fails: (error: unknown) => boolean): Promise<boolean> {
  try {
    await write;
    return false;
  } catch (error) {
    if (fails(error)) return true;
    throw error;
  }
}

/** The version that is sent is the one whose owners are looked at here, so nobody can come between. */
function expectOurs(change: Update): void {
  const { name, namespace, managedFields } = change.of.read;
  const others = ownedByOthers(managedFields, fieldsOf(change));
  if (others.length > 0) throw new FailedError(ownedElsewhere(change.kind, { namespace, name }, others));
}

function fieldsOf(change: Update): string[][] {
  if (change.kind === 'ClusterRoleBinding') return Object.keys(change.set).map((field) => [field]);
  return Object.keys(change.set.annotations).map((key) => ['metadata', 'annotations', key]);
}
