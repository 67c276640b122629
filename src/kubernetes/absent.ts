import type { VaultbindError } from '../errors.ts';
import type { KubernetesSession } from './api.ts';
import { handshake } from './handshake.ts';

/** Stands in for a cluster that cannot be spoken to at all: whatever is asked fails with the reason. */
export function absentKubernetes(why: VaultbindError): KubernetesSession {
  const refuse = () => Promise.reject(why);
  return {
    server: '',
    context: '',
    user: '',
    forget: () => undefined,
    look: (host, ca) => handshake(host, ca && { ca }),
    version: refuse,
    namespace: refuse,
    namespaces: refuse,
    serviceAccount: refuse,
    serviceAccountsIn: refuse,
    tokenSecret: refuse,
    configMap: refuse,
    clusterRoleBinding: refuse,
    clusterRoleBindings: refuse,
    requestToken: refuse,
    reviewToken: refuse,
    reviewAccess: refuse,
    whoAmI: refuse,
    mayI: refuse,
    rules: refuse,
    create: refuse,
    update: refuse,
  };
}
