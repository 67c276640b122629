import { shownText } from '../../http/shown-text.ts';
import type { VaultHealth } from '../api.ts';
import type { VaultAnswer } from '../node-vault.ts';
import { healthAnswer } from './schemas.ts';

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
  const told = healthAnswer.safeParse(body).data;
  if (!told) return undefined;
  const { version = '', enterprise, server_time_utc: time } = told;
  const isVault = enterprise !== undefined || version.startsWith('1.') || version.startsWith('0.');
  const health: FoundHealth = {
    version: shownText(version),
    product: isVault ? 'vault' : 'openbao',
    sealed: told.sealed,
    initialized: told.initialized,
    standby: told.standby ?? false,
  };
  if (told.cluster_id !== undefined) health.clusterId = shownText(told.cluster_id);
  if (time !== undefined) health.clockAhead = time - Math.floor(Date.now() / 1000);
  if (enterprise !== undefined) health.enterprise = enterprise;
  return health;
}
