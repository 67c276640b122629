import { subdomain } from '../schema/values.ts';

/** Of every mode that binds somebody to system:auth-delegator. */
export const binding = subdomain('the name of a ClusterRoleBinding')
  .describe('ClusterRoleBinding to system:auth-delegator. Default: vaultbind-<path>-<namespace>-<account>.')
  .optional();
