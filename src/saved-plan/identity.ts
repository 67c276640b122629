import type { Reading } from '../contracts/clients.ts';
import { SystemError } from '../errors.ts';
import { vaultbind } from '../model/commands.ts';
import type { Access } from '../model/rights.ts';

/** What tells one server from every other, whatever address it has. */
export interface Identity {
  /** cluster_id of Vault's sys/health. */
  vault: string;
  /** uid of namespace kube-system. */
  cluster: string;
}

/** What identityOf takes; sys/health is open to everybody. */
export const identityAccess: Access = {
  system: 'kubernetes',
  verb: 'get',
  group: '',
  resource: 'namespaces',
  name: 'kube-system',
  phase: 'plan',
};

/**
 * @param files of the recipe, for the way out
 *
 * Errors: SystemError when a server does not say who it is; kubernetes-forbidden without the right to get kube-system.
 */
export async function identityOf({ vault, kubernetes }: Reading, files: string[]): Promise<Identity> {
  const [{ clusterId }, namespace] = await Promise.all([vault.health(), kubernetes.namespace('kube-system')]);
  const uid = namespace?.metadata?.uid;
  if (clusterId === undefined) throw unnamed(`Vault at ${vault.address}`, 'sys/health gives no cluster_id', files);
  if (uid === undefined) throw unnamed(`cluster ${kubernetes.server}`, 'there is no namespace kube-system', files);
  return { vault: clusterId, cluster: uid };
}

function unnamed(subject: string, message: string, files: string[]): SystemError {
  return new SystemError({
    code: 'plan-not-saved',
    subject,
    message: `${message}, so a saved plan could not tell this server from another`,
    fix: [{ why: 'apply from the recipe instead', command: vaultbind('apply', { f: files }) }],
  });
}
