import { Secret } from '../../secret.ts';
import type { VaultData, VaultLogin } from '../api.ts';
import { asObject } from '../reader.ts';
import { stringsIn } from './answers.ts';

/** The `auth` of an answer that was held against its schema; the token is empty when there is none. */
export function loginOf(body: VaultData | undefined): VaultLogin {
  const auth = asObject(body?.['auth']);
  return {
    token: new Secret(textIn(auth['client_token'])),
    accessor: textIn(auth['accessor']),
    ttl: Number(auth['lease_duration'] ?? 0),
    policies: stringsIn(auth['policies']),
    warnings: stringsIn(body?.['warnings']),
    type: textIn(auth['token_type']) || 'service',
    uses: Number(auth['num_uses'] ?? 0),
  };
}

function textIn(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
