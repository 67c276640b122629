import { isIP } from 'node:net';
import { type ConnectionOptions, checkServerIdentity, createSecureContext } from 'node:tls';
import { buildConnector, type Dispatcher, Pool, ProxyAgent } from 'undici';
import { type Alerts, createAlerts } from './alerts.ts';
import { proxyForUrl } from './environment-proxy.ts';
import { translateFailure } from './failure.ts';
import { socksConnector } from './socks.ts';
import { systemRoots } from './system-roots.ts';
import type { TransportError, TransportOptions } from './transport.ts';

export interface Dispatchers {
  /** `stream` has connections of its own: one that stays open must not take a place from the requests. */
  forOrigin(origin: string, use: Use): Dispatcher;
  /** What a failed request to `url` means. */
  explain(error: unknown, url: string): TransportError;
  destroy(): Promise<void>;
}

type Use = 'send' | 'stream';

/** One pool of connections for each origin and use, made when first needed. */
export function createDispatchers(options: TransportOptions): Dispatchers {
  const pools = new Map<string, Dispatcher>();
  const alerts = createAlerts();
  const proxyFor = (url: string) =>
    options.proxy === 'environment' ? proxyForUrl(url, options.env ?? process.env) : options.proxy;
  return {
    explain: (error, url) => translateFailure(alerts.behind(error), url, proxyFor(url)),
    forOrigin: (origin, use) => {
      const key = `${use} ${origin}`;
      const pool = pools.get(key) ?? createPool(origin, use, { proxy: proxyFor(origin), alerts, options });
      pools.set(key, pool);
      return pool;
    },
    destroy: async () => {
      await Promise.all([...pools.values()].map((pool) => pool.destroy()));
    },
  };
}

interface PoolOptions {
  proxy: string | undefined;
  alerts: Alerts;
  options: TransportOptions;
}

/**
 * Pool and not Agent: undici 7's Agent, once a server has closed a connection, throws its pool away after each request,
 * and with it the kept connections.
 */
function createPool(origin: string, use: Use, { proxy, alerts, options }: PoolOptions): Dispatcher {
  const connect = { ...tlsSettings(origin, options), timeout: options.timeout };
  const common = {
    // Our own deadline ends a request; undici's would cut a stream that is only silent.
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: 10_000,
    connections: use === 'send' ? options.parallel : null,
  };
  const direct = alerts.listening(buildConnector(connect));
  if (proxy === undefined) return new Pool(origin, { ...common, connect: direct });
  if (/^socks/i.test(proxy)) return new Pool(origin, { ...common, connect: socksConnector(proxy, direct) });
  // The client certificate and the server name are for the server, not for an https proxy on the way.
  const proxyTls = { timeout: options.timeout };
  return new ProxyAgent({ ...common, uri: proxy, requestTls: connect, proxyTls, proxyTunnel: false });
}

/** One context for all connections: making one for each would read every root certificate again. */
function tlsSettings(origin: string, { tls, env }: TransportOptions) {
  const common = { ...expectedName(tls.serverName), rejectUnauthorized: !tls.insecure };
  if (!origin.startsWith('https:')) return common;
  const ca = tls.ca?.pem ?? (tls.insecure ? undefined : systemRoots(env ?? process.env));
  return { ...common, secureContext: createSecureContext({ ca, cert: tls.cert, key: tls.key?.reveal() }) };
}

/** An address may be expected of a certificate but, by RFC 6066, not asked for. */
function expectedName(name: string | undefined): ConnectionOptions {
  if (name === undefined) return {};
  if (isIP(name) === 0) return { servername: name };
  return { checkServerIdentity: (_, certificate) => checkServerIdentity(name, certificate) };
}
