import { onTestFinished } from 'vitest';
import { createKubernetes, type Kubernetes } from '../../src/kubernetes/client.ts';
import { type ConnectFlags, type ConnectOptions, readKubernetesConnection } from '../../src/kubernetes/connect.ts';
import type { KubernetesConnection } from '../../src/kubernetes/connection.ts';
import type { Environment } from '../../src/model/environment.ts';
import { kubernetes } from '../servers/raw.ts';
import { servers, uniqueName } from '../servers/servers.ts';

/** The gateway of a kubeconfig, closed after the test. */
export async function connected(
  env: Environment,
  flags: ConnectFlags = {},
  more: ConnectOptions = {},
): Promise<Kubernetes> {
  return opened(await readKubernetesConnection(env, flags, more));
}

export function opened(connection: KubernetesConnection): Kubernetes {
  const gateway = createKubernetes(connection, { userAgent: 'vaultbind-test', parallel: 16, timeout: 10_000 });
  onTestFinished(() => gateway.close());
  return gateway;
}

export function adminConnection(): Promise<KubernetesConnection> {
  return readKubernetesConnection({}, { kubeconfig: servers().kubernetes.kubeconfig });
}

export async function asAdmin(): Promise<Kubernetes> {
  return opened(await adminConnection());
}

/** Sets a scene, past the gateway. */
export async function scene(method: string, path: string, body?: object): Promise<void> {
  const { status, text } = await kubernetes(method, path, body);
  if (status >= 400) throw new Error(`${method} ${path}: ${status} ${text}`);
}

/** A namespace of the test's own. It is left behind: nobody waits for its deletion. */
export async function ownNamespace(): Promise<string> {
  const name = uniqueName('kubernetes');
  await scene('POST', '/api/v1/namespaces', { metadata: { name } });
  return name;
}

export async function ownAccount(namespace: string, name = 'my-sa'): Promise<void> {
  await scene('POST', `/api/v1/namespaces/${namespace}/serviceaccounts`, { metadata: { name } });
}

/** Lets an account of this namespace do that in it. */
export async function allow(namespace: string, account: string, rules: object[]): Promise<void> {
  const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`;
  await scene('POST', `${rbac}/roles`, { metadata: { name: account }, rules });
  await scene('POST', `${rbac}/rolebindings`, {
    metadata: { name: account },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: account },
    subjects: [{ kind: 'ServiceAccount', name: account, namespace }],
  });
}
