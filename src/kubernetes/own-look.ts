import { proxyForUrl } from '../http/environment-proxy.ts';
import type { CaBundle } from '../trust/ca-bundle.ts';
import type { KubernetesConnection } from './connection.ts';
import { type Handshake, handshake } from './handshake.ts';

const longest = 10_000;

/**
 * A look at an API server as Vault will meet it, by the way of this connection: the proxy that its requests take, and no
 * longer than they may take. Without its credentials, its CA and its tls-server-name, which Vault has not.
 */
export function lookBy(
  connection: Pick<KubernetesConnection, 'proxy' | 'env'>,
  timeout: number,
): (host: string, ca: CaBundle | undefined) => Promise<Handshake> {
  return (host, ca) => handshake(host, { ca, ...wayOf(connection, host), timeout: Math.min(longest, timeout) });
}

/** The proxy that a request to `url` takes. */
export function wayOf({ proxy, env }: Pick<KubernetesConnection, 'proxy' | 'env'>, url: string): { proxy?: string } {
  const way = proxy === 'environment' ? proxyForUrl(url, env) : proxy;
  return way === undefined ? {} : { proxy: way };
}
