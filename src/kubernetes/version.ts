import type { V1ManagedFieldsEntry, V1ObjectMeta } from '@kubernetes/client-node';
import { SystemError } from '../errors.ts';
import { kubectl } from '../model/commands.ts';

/** Which version of an object was read, and who owns its fields: what an update of it is made of. */
export interface Version {
  /** '' for an object of the cluster. */
  namespace: string;
  name: string;
  /** The server refuses an update that names another one than it has. */
  resourceVersion: string;
  managedFields: V1ManagedFieldsEntry[];
}

/** Not '0', which a server takes for any version. */
export function isResourceVersion(value: unknown): value is string {
  return typeof value === 'string' && /^[1-9]\d*$/.test(value);
}

/** @throws SystemError kubernetes-error for an answer without a version: nothing could be written upon it. */
export function versionOf(metadata: V1ObjectMeta | undefined, subject: string): Version {
  const { namespace = '', name = '', resourceVersion, managedFields = [] } = metadata ?? {};
  if (name !== '' && isResourceVersion(resourceVersion)) return { namespace, name, resourceVersion, managedFields };
  throw new SystemError({
    code: 'kubernetes-error',
    subject,
    message: `${subject}: what was answered has no name and no version, so it is no object of an API server`,
    fix: [{ why: 'Look whether a proxy stands before the API server.', command: kubectl('cluster-info') }],
  });
}
