import { X509Certificate } from 'node:crypto';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { request as httpRequest } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import { checkServerIdentity, type PeerCertificate, rootCertificates, type TLSSocket } from 'node:tls';
import { scrub } from '../secret.ts';
import { type CertificateInfo, certificateInWords, day, describe, parseCertificates } from './certificates.ts';
import { type ApiAnswer, apiAnswer } from './refusals/api-answer.ts';

/** What a TLS handshake without credentials showed, and what an unauthenticated GET /version got. */
export interface Handshake {
  /** The first thing that is wrong, in the order a client meets them; `ok` when nothing is. */
  status: 'ok' | 'unreachable' | 'untrusted' | 'wrong-name' | 'expired' | 'not-an-api-server';
  /** The status in a sentence, with the certificate's own words. '' when ok. */
  said: string;
  /** TCP and TLS were established. */
  connected: boolean;
  /** As shown, leaf first; empty without TLS. */
  chain: CertificateInfo[];
  /** A certificate of the given CA (without one: of Node's roots) signs the chain. */
  signed: boolean;
  /** The leaf names the host. */
  named: boolean;
  /** The leaf is within its dates. */
  current: boolean;
  /** What GET /version was answered with; undefined when not connected. */
  answer?: ApiAnswer;
}

export interface HandshakeOptions {
  /** PEM: trusted alone. */
  ca?: string;
  /** Name asked for and checked instead of the URL's host. */
  serverName?: string;
  /** Milliseconds. Default 10 s. */
  timeout?: number;
}

/**
 * Looks at what answers at `url` without showing any credential: every certificate is let through and then judged.
 * @throws InputError ca-malformed
 */
export async function handshake(url: string, options: HandshakeOptions = {}): Promise<Handshake> {
  const trusted = parseCertificates(options.ca ?? rootCertificates.join('\n'));
  const seen = await look(new URL(url), options);
  if ('failure' in seen) return { ...nothing, status: 'unreachable', said: seen.failure };
  return judge(seen, trusted, options.serverName ?? hostOf(new URL(url)));
}

const nothing = { connected: false, chain: [], signed: false, named: false, current: false };

interface Seen {
  chain: X509Certificate[];
  peer?: PeerCertificate;
  answer: ApiAnswer;
}

function judge(seen: Seen, trusted: X509Certificate[], host: string): Handshake {
  const chain = seen.chain.map(describe);
  const leaf = chain[0];
  const facts = {
    connected: true,
    chain,
    signed: signedBy(seen.chain, trusted),
    named: seen.peer !== undefined && checkServerIdentity(host, seen.peer) === undefined,
    current: leaf !== undefined && leaf.from <= new Date() && new Date() <= leaf.to,
    answer: seen.answer,
  };
  if (!leaf) return { ...facts, ...(seen.answer.apiServer ? plainHttp : notAnApi(seen.answer)) };
  const words = certificateInWords(leaf);
  if (!facts.current) return { ...facts, status: 'expired', said: `${words}; it is ${day(new Date())} here` };
  if (!facts.signed) {
    return { ...facts, status: 'untrusted', said: `it shows ${words}; trusted is ${trustedInWords(trusted)}` };
  }
  if (!facts.named) {
    return {
      ...facts,
      status: 'wrong-name',
      said: `${host} is not among its names: ${leaf.names.join(', ') || '(none)'}`,
    };
  }
  return { ...facts, ...(seen.answer.apiServer ? { status: 'ok' as const, said: '' } : notAnApi(seen.answer)) };
}

const plainHttp = { status: 'ok' as const, said: '' };

function notAnApi(answer: ApiAnswer): { status: 'not-an-api-server'; said: string } {
  return {
    status: 'not-an-api-server',
    said: `GET /version answers ${answer.status || 'nothing'} ${answer.said}`.trim(),
  };
}

function trustedInWords(trusted: X509Certificate[]): string {
  if (trusted.length > 5) return `one of ${trusted.length} certificates`;
  return trusted.map((ca) => describe(ca).subject || '(no subject)').join(' or ');
}

/** Whether a chain of signatures leads from the leaf to a trusted certificate, whatever the dates. */
function signedBy(chain: X509Certificate[], trusted: X509Certificate[]): boolean {
  let current = chain[0];
  for (let depth = 0; current && depth < 10; depth += 1) {
    const subject: X509Certificate = current;
    if (trusted.some((ca) => ca.fingerprint256 === subject.fingerprint256 || issued(ca, subject))) return true;
    current = chain.find((other) => other !== subject && issued(other, subject));
  }
  return false;
}

function issued(issuer: X509Certificate, subject: X509Certificate): boolean {
  return subject.checkIssued(issuer) && subject.verify(issuer.publicKey);
}

function look(url: URL, options: HandshakeOptions): Promise<Seen | { failure: string }> {
  return new Promise((settle) => {
    const timeout = options.timeout ?? 10_000;
    const request = open(url, options);
    const shown: { chain: X509Certificate[]; peer?: PeerCertificate } = { chain: [] };
    const timer = setTimeout(() => request.destroy(new Error(`no answer within ${timeout / 1000} s`)), timeout);
    const done = (result: Seen | { failure: string }) => {
      clearTimeout(timer);
      settle(result);
    };
    request.on('socket', (socket) =>
      socket.once('secureConnect', () => Object.assign(shown, peerOf(socket as TLSSocket))),
    );
    request.once('response', (response) => void readAnswer(response).then((answer) => done({ ...shown, answer })));
    request.once('error', (error: NodeJS.ErrnoException) => {
      const failure = scrub(error.message || (error.code ?? 'unknown error'));
      // A connection that was up and says nothing of use is an answer, and not an API server's.
      done(shown.peer ? { ...shown, answer: { status: 0, apiServer: false, said: failure } } : { failure });
    });
    request.end();
  });
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

function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}
