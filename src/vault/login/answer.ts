import { Secret } from '../../secret.ts';
import type { VaultData, VaultLogin } from '../api.ts';
import { asObject, strings } from '../reader.ts';

/** The `auth` of an answer; the token is empty when there is none. */
export function loginOf(body: VaultData | undefined): VaultLogin {
  const auth = asObject(body?.['auth']);
  return {
    token: new Secret(String(auth['client_token'] ?? '')),
    accessor: String(auth['accessor'] ?? ''),
    ttl: Number(auth['lease_duration'] ?? 0),
    policies: strings(auth['policies']),
    warnings: strings(body?.['warnings']),
    type: String(auth['token_type'] ?? 'service'),
    uses: Number(auth['num_uses'] ?? 0),
  };
}
