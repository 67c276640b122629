import { type Configuration, CoreV1Api, RbacAuthorizationV1Api, VersionApi } from '@kubernetes/client-node';
import type { KubernetesReader } from './api.ts';
import type { KubernetesConnection } from './connection.ts';
import { orMissing } from './errors.ts';
import { connected } from './library.ts';
import type { KubernetesMemory } from './remember.ts';
import { accountLister } from './service-accounts.ts';
import { tokenSecretOf } from './token-secret.ts';
import { versionOf } from './version.ts';

export function createKubernetesReader(
  connection: KubernetesConnection,
  config: Configuration,
  memory: KubernetesMemory,
  look: KubernetesReader['look'],
): KubernetesReader {
  const core = connected(CoreV1Api, config);
  const rbac = connected(RbacAuthorizationV1Api, config);
  const version = connected(VersionApi, config);
  const { recall } = memory;
  return {
    server: connection.server,
    look,
    ca: connection.ca,
    context: connection.context,
    user: connection.impersonate?.user ?? (connection.user || connection.credentials.description),
    forget: () => memory.forget(),
    version: () => recall('version', async () => (await version.getCode()).gitVersion),
    namespace: (name) => recall(`namespace ${name}`, () => orMissing(core.readNamespace({ name }))),
    namespaces: () =>
      recall('namespaces', async () =>
        (await core.listNamespace()).items.flatMap(({ metadata }) => metadata?.name ?? []),
      ),
    ...accountLister(core, memory),
    tokenSecret: ({ namespace, name }) =>
      recall(`secret ${namespace}/${name}`, async () => {
        const found = await orMissing(core.readNamespacedSecret({ namespace, name }));
        return found && tokenSecretOf(found);
      }),
    configMap: (namespace, name) =>
      recall(`configmap ${namespace}/${name}`, () => orMissing(core.readNamespacedConfigMap({ namespace, name }))),
    clusterRoleBinding: (name) =>
      recall(`clusterrolebinding ${name}`, async () => {
        const found = await orMissing(rbac.readClusterRoleBinding({ name }));
        return found && Object.assign(found, { read: versionOf(found.metadata, `ClusterRoleBinding ${name}`) });
      }),
    clusterRoleBindings: () => recall('clusterrolebindings', async () => (await rbac.listClusterRoleBinding()).items),
  };
}
