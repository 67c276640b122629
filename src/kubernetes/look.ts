import { X509Certificate } from 'node:crypto';
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import type { PeerCertificate, TLSSocket } from 'node:tls';
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
}

/** What the server showed, believed or not. */
export interface Seen {
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
export function look(url: URL, options: HandshakeOptions): Promise<Seen | Unseen> {
  return new Promise((settle) => {
    const timeout = options.timeout ?? 10_000;
    const request = open(url, options);
    const shown: { chain: X509Certificate[]; peer?: PeerCertificate } = { chain: [] };
    const timer = setTimeout(() => request.destroy(new Error(`no answer within ${timeout / 1000} s`)), timeout);
    const done = (result: Seen | Unseen) => {
      clearTimeout(timer);
      settle(result);
    };
    request.on('socket', (socket) =>
      socket.once('secureConnect', () => Object.assign(shown, peerOf(socket as TLSSocket))),
    );
    request.once('response', (response) => {
      const clock = clockOf(response);
      void readAnswer(response).then((answer) => done({ ...shown, answer, ...clock }));
    });
    request.once('error', (error: NodeJS.ErrnoException) => {
      // A connection that was up and says nothing of use is an answer, and not an API server's.
      if (shown.peer) done({ ...shown, answer: { status: 0, apiServer: false, said: inWords(error) } });
      else done({ failure: inWords(error), spoke: notTls.test(error.message) });
    });
    request.end();
  });
}

const notTls = /wrong version number|packet length too long|http request/i;

function inWords(error: NodeJS.ErrnoException): string {
  if (notTls.test(error.message)) return 'it does not speak TLS';
  return scrub(error.message || (error.code ?? 'unknown error'));
}

function open(url: URL, options: HandshakeOptions): ClientRequest {
  const target = {
    host: hostOf(url),
    port: url.port,
    path: `${url.pathname.replace(/\/+$/, '')}/version`,
    headers: { accept: 'application/json' },
  };
  if (url.protocol === 'http:') return httpRequest({ ...target, port: url.port || 80 });
  return httpsRequest({
    ...target,
    port: url.port || 443,
    // Every certificate is let through: it is judged, and nothing secret is sent.
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
    ...(options.serverName && { servername: options.serverName }),
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
