import { createTransport } from '../http/create-transport.ts';
import type { HttpRequest, HttpResponse, RequestLog, Transport } from '../http/transport.ts';
import { Secret } from '../secret.ts';
import type { KubernetesConnection } from './connection.ts';
import { type Credential, impersonationHeaders } from './credentials/credentials.ts';

export interface WireOptions {
  /** Names vaultbind, its version and the recipe. */
  userAgent: string;
  /** Requests at once. */
  parallel: number;
  /** Milliseconds for one request with its retries. */
  timeout: number;
  /** Told of each answer, for -v. */
  log?: (line: RequestLog) => void;
  /** Ends every request under way. */
  signal?: AbortSignal;
  /** Called before each request; the answer when it has come to its end. */
  begin?: () => () => void;
}

/**
 * A Transport that adds the kubeconfig's credentials and impersonation. A client certificate belongs to a connection,
 * so each one gets a transport of its own; usually there is one in all.
 */
export function createWire(connection: KubernetesConnection, options: WireOptions): Transport {
  const transports = new Map<string, Transport>();

  function transportFor({ cert, key }: Credential): Transport {
    const known = transports.get(cert ?? '');
    if (known) return known;
    const tls = { ...serverTls(connection), ...(cert && key && { cert, key }) };
    const transport = createTransport({ ...options, tls, proxy: connection.proxy, env: connection.env });
    transports.set(cert ?? '', transport);
    return transport;
  }

  async function once(request: HttpRequest, credential: Credential): Promise<HttpResponse> {
    const headers = { ...request.headers, ...authorization(credential), ...impersonation(connection) };
    return transportFor(credential).send({ ...request, headers });
  }

  return {
    get sent() {
      return [...transports.values()].flatMap((transport) => transport.sent);
    },
    send: async (request) => {
      const credential = await connection.credentials.current();
      const answer = await once(request, credential);
      if (answer.status !== 401) return answer;
      const renewed = await connection.credentials.renew(credential);
      return renewed ? once(request, renewed) : answer;
    },
    stream: () => Promise.reject(new Error('bug: nothing is streamed from the API server')),
    close: async () => {
      await Promise.all([...transports.values()].map((transport) => transport.close()));
    },
  };
}

/** A Transport to the same server that shows `token` and nothing else of ours: no certificate, no impersonation. */
export function createBearerWire(connection: KubernetesConnection, options: WireOptions): BearerWire {
  let transport: Transport | undefined;
  return {
    as: (token) => ({
      sent: [],
      send: (request) => {
        transport ??= createTransport({
          ...options,
          tls: serverTls(connection),
          proxy: connection.proxy,
          env: connection.env,
        });
        return transport.send({ ...request, headers: { ...request.headers, ...authorization({ token }) } });
      },
      stream: () => Promise.reject(new Error('bug: nothing is streamed from the API server')),
      close: async () => {},
    }),
    sent: () => transport?.sent ?? [],
    close: async () => transport?.close(),
  };
}

export interface BearerWire {
  as(token: NonNullable<Credential['token']>): Transport;
  sent(): readonly string[];
  close(): Promise<void>;
}

function serverTls({ ca, tls }: KubernetesConnection) {
  return {
    ca,
    serverName: tls.serverName,
    ...(tls.insecure && { insecure: true }),
  };
}

function authorization({ token, basic }: Credential): Record<string, string> {
  if (token) return { Authorization: `Bearer ${token.reveal()}` };
  if (!basic) return {};
  const encoded = new Secret(Buffer.from(`${basic.username}:${basic.password.reveal()}`).toString('base64'));
  return { Authorization: `Basic ${encoded.reveal()}` };
}

function impersonation({ impersonate }: KubernetesConnection): Record<string, string | string[]> {
  return impersonate ? impersonationHeaders(impersonate) : {};
}
