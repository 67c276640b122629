import { createTransport } from '../http/create-transport.ts';
import type { Transport } from '../http/transport.ts';
import type { VaultOptions } from './client.ts';
import type { VaultConnection } from './connect.ts';

/** The transport to one Vault; what may go through it is for a gate to say. */
export function wireTo(connection: VaultConnection, options: VaultOptions): Transport {
  const { tls, proxy, env, timeout, retries, rate } = connection;
  return createTransport({
    ...options,
    tls,
    proxy,
    env,
    timeout,
    ...(retries !== undefined && { retries }),
    ...(rate !== undefined && { rate }),
  });
}
