import { X509Certificate } from 'node:crypto';
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import type { PeerCertificate, TLSSocket } from 'node:tls';
import { after } from '../http/deadline.ts';
import { withoutPassword } from '../http/failure.ts';
import { openTunnel } from '../http/tunnel.ts';
import { withoutTrailingSlashes } from '../model/trailing.ts';
import { scrub } from '../secret.ts';
import type { CaBundle } from '../trust/ca-bundle.ts';
import { type ApiAnswer, apiAnswer } from './refusals/api-answer.ts';

export interface HandshakeOptions {
  /** Trusted alone. Default: Node's roots. */
  ca?: CaBundle;
  /** Name asked for and checked instead of the URL's host. */
  serverName?: string;
  /** Milliseconds. Default 10 s. */
  timeout?: number;
  /** URL of the proxy on the way: http, https, socks5. Default: none. */
  proxy?: string;
}

/** What the server showed, believed or not. */
export interface ShownServer {
  chain: X509Certificate[];
  peer?: PeerCertificate;
  answer: ApiAnswer;
  /** Seconds that the server's clock, by its Date header, was ahead of ours. */
  clockAhead?: number;
}

/** There is nothing to judge. */
export interface Unseen {
  failure: string;
  /** Something answered, but not TLS. */
  spoke: boolean;
}

/** One connection and one GET /version, without credentials. */
export async function look(url: URL, options: HandshakeOptions): Promise<ShownServer | Unseen> {
  const timeout = options.timeout ?? 10_000;
  const late = new AbortController();
  const stopWaiting = after(timeout, () => late.abort(new Error(`no answer within ${timeout / 1000} s`)));
  try {
    return await ask(await open(url, options, late.signal), late.signal);
  } catch (error) {
    const { proxy } = options;
    const by = proxy === undefined ? '' : `by way of the proxy ${withoutPassword(proxy)}: `;
    return { failure: `${by}${inWords(late.signal.reason ?? error)}`, spoke: false };
  } finally {
    stopWaiting();
  }
}

function ask(request: ClientRequest, signal: AbortSignal): Promise<ShownServer | Unseen> {
  return new Promise((settle) => {
    const shown: { chain: X509Certificate[]; peer?: PeerCertificate } = { chain: [] };
    request.on('socket', (socket) =>
      socket.once('secureConnect', () => Object.assign(shown, peerOf(socket as TLSSocket))),
    );
    request.once('response', (response) => {
      const clock = clockOf(response);
      void readAnswer(response).then((answer) => settle({ ...shown, answer, ...clock }));
    });
    request.once('error', (error: NodeJS.ErrnoException) => {
      const said = inWords(signal.reason ?? error);
      // A connection that was up and says nothing of use is an answer, and not an API server's.
      if (shown.peer) settle({ ...shown, answer: { status: 0, apiServer: false, said } });
      else settle({ failure: said, spoke: notTls.test(error.message) });
    });
    request.end();
  });
}

const notTls = /wrong version number|packet length too long|http request/i;

function inWords(error: NodeJS.ErrnoException): string {
  if (notTls.test(error.message)) return 'it does not speak TLS';
  return scrub(error.message || (error.code ?? 'unknown error'));
}

async function open(url: URL, { proxy, serverName }: HandshakeOptions, signal: AbortSignal): Promise<ClientRequest> {
  const tls = url.protocol === 'https:';
  const target = { host: hostOf(url), port: Number(url.port || (tls ? 443 : 80)) };
  const path = `${withoutTrailingSlashes(url.pathname)}/version`;
  const socket = proxy === undefined ? undefined : await openTunnel(proxy, target, signal);
  const common = { ...target, path, headers: { accept: 'application/json' }, signal };
  // A connection of its own: what a kept one has heard before would be heard again.
  if (!tls) return httpRequest({ ...common, ...(socket ? { createConnection: () => socket } : { agent: false }) });
  return httpsRequest({
    ...common,
    ...(socket && { socket }),
    // Every certificate is let through: it is judged, and nothing secret is sent.
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
    servername: serverName,
    // A resumed session would show no certificate.
    agent: new Agent({ keepAlive: false, maxCachedSessions: 0 }),
  });
}

function peerOf(socket: TLSSocket): { chain: X509Certificate[]; peer: PeerCertificate } {
  const peer = socket.getPeerCertificate(true);
  const chain: X509Certificate[] = [];
  const seen = new Set<string>();
  for (let next = peer; next?.raw && !seen.has(next.fingerprint256); next = next.issuerCertificate) {
    seen.add(next.fingerprint256);
    chain.push(new X509Certificate(next.raw));
  }
  return { chain, peer };
}

function clockOf({ headers }: IncomingMessage): { clockAhead?: number } {
  const time = Date.parse(headers.date ?? '');
  return Number.isNaN(time) ? {} : { clockAhead: Math.round(time / 1000) - Math.floor(Date.now() / 1000) };
}

async function readAnswer(response: IncomingMessage): Promise<ApiAnswer> {
  let body = '';
  try {
    for await (const chunk of response.setEncoding('utf8')) {
      body += chunk;
      if (body.length > 100_000) response.destroy();
    }
  } catch {
    // What has arrived is judged.
  }
  return apiAnswer(response.statusCode ?? 0, body);
}

export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}
