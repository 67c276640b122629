import type { VaultHealth } from '../api.ts';
import type { VaultAnswer } from '../node-vault.ts';

/** sys/health speaks by its status; with these every state is a 200, so that no state looks like a failure to retry. */
export const healthQuery = `?${new URLSearchParams({
  standbyok: 'true',
  perfstandbyok: 'true',
  sealedcode: '200',
  uninitcode: '200',
  drsecondarycode: '200',
  haunhealthycode: '200',
})}`;

export interface FoundHealth extends VaultHealth {
  /** Undefined where the server does not say: OpenBao, and Vault before 1.16. */
  enterprise?: boolean;
}

/** Undefined when it is no health answer. */
export function healthOf({ body }: VaultAnswer): FoundHealth | undefined {
  if (typeof body?.['initialized'] !== 'boolean' || typeof body['sealed'] !== 'boolean') return undefined;
  const version = String(body['version'] ?? '');
  const enterprise = body['enterprise'];
  const health: FoundHealth = {
    version,
    product:
      typeof enterprise === 'boolean' || version.startsWith('1.') || version.startsWith('0.') ? 'vault' : 'openbao',
    sealed: body['sealed'],
    initialized: body['initialized'],
    standby: body['standby'] === true,
  };
  if (typeof body['cluster_id'] === 'string') health.clusterId = body['cluster_id'];
  const time = body['server_time_utc'];
  if (typeof time === 'number') health.clockAhead = time - Math.floor(Date.now() / 1000);
  if (typeof enterprise === 'boolean') health.enterprise = enterprise;
  return health;
}
